// Opens or seals one file with npm age-encryption, for tests/conformance: bytes in on stdin, bytes out on stdout.
//   node age.mjs open AGE-SECRET-KEY-PQ-1…     node age.mjs seal age1pq1… [more recipients]     node age.mjs recipient AGE-SECRET-KEY-…
import "./webcrypto.mjs";
import { buffer } from "node:stream/consumers";
import * as age from "age-encryption";

const [verb, ...keys] = process.argv.slice(2);

async function run() {
  if (verb === "recipient") return Buffer.from(await age.identityToRecipient(keys[0]));
  const input = new Uint8Array(await buffer(process.stdin));
  if (verb === "open") {
    const decrypter = new age.Decrypter();
    keys.forEach((key) => decrypter.addIdentity(key));
    return decrypter.decrypt(input, "uint8array");
  }
  if (verb === "seal") {
    const encrypter = new age.Encrypter();
    keys.forEach((key) => encrypter.addRecipient(key));
    return encrypter.encrypt(input);
  }
  throw new Error(`no such verb: ${verb}`);
}

process.stdout.write(await run());
