// Opens or seals one file with npm age-encryption, for tests/conformance: bytes in on stdin, bytes out on stdout.
//   node age.mjs open KEY…        KEY: AGE-SECRET-KEY-PQ-1…, AGE-SECRET-KEY-1…, or passphrase:…
//   node age.mjs seal KEY…        KEY: age1pq1…, age1…, or passphrase:…
//   node age.mjs recipient AGE-SECRET-KEY-…
//   node age.mjs armour           node age.mjs unarmour
import "./webcrypto.mjs";
import { buffer } from "node:stream/consumers";
import * as age from "age-encryption";

const PASSPHRASE = "passphrase:";
const LOG2_WORK = 10;
const [verb, ...keys] = process.argv.slice(2);

function passphrase(key) {
  return key.startsWith(PASSPHRASE) ? key.slice(PASSPHRASE.length) : undefined;
}

function decrypter() {
  const opening = new age.Decrypter();
  for (const key of keys) {
    if (passphrase(key) === undefined) opening.addIdentity(key);
    else opening.addPassphrase(passphrase(key));
  }
  return opening;
}

function encrypter() {
  const sealing = new age.Encrypter();
  sealing.setScryptWorkFactor(LOG2_WORK);
  for (const key of keys) {
    if (passphrase(key) === undefined) sealing.addRecipient(key);
    else sealing.setPassphrase(passphrase(key));
  }
  return sealing;
}

async function run() {
  if (verb === "recipient") return Buffer.from(await age.identityToRecipient(keys[0]));
  const input = new Uint8Array(await buffer(process.stdin));
  if (verb === "open") return decrypter().decrypt(input, "uint8array");
  if (verb === "seal") return encrypter().encrypt(input);
  if (verb === "armour") return Buffer.from(age.armor.encode(input));
  if (verb === "unarmour") return age.armor.decode(Buffer.from(input).toString("latin1"));
  throw new Error(`no such verb: ${verb}`);
}

process.stdout.write(await run());
