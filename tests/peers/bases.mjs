// Makes tests/vectors/refusals/bases anew: an envelope, signed documents, slots, a cookie, a wrapped key, written by
// other people's code (npm age-encryption and noble) from the reading of docs/protocol. Nothing of ours is used.
//   cd tests/peers && node bases.mjs
import "./webcrypto.mjs";
import fs from "node:fs";
import * as age from "age-encryption";
import { xchacha20poly1305, chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { argon2id } from "@noble/hashes/argon2.js";
import { expand, extract, hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { XWing } from "@noble/post-quantum/hybrid.js";
import { bech32 } from "@scure/base";

const BASES = new URL("../vectors/refusals/bases/", import.meta.url);
const text = (s) => new TextEncoder().encode(s);
const hex = (b) => Buffer.from(b).toString("hex");
const base64url = (b) => Buffer.from(b).toString("base64url");
const fill = (byte, n = 32) => new Uint8Array(n).fill(byte);
const join = (...parts) => Uint8Array.from(Buffer.concat(parts));
const label = (name) => text(`cleandrop/v1/${name}`);
const derive = (secret, name) => hkdf(sha256, secret, undefined, label(name), 32);
const number = (n, bytes) => Uint8Array.from(Buffer.from(n.toString(16).padStart(bytes * 2, "0"), "hex"));

function json(value) {
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((k) => `${JSON.stringify(k)}:${json(value[k])}`).join(",")}}`;
}

const INSTANCE = Uint8Array.from({ length: 16 }, (_, n) => n);
const instance_id = hex(INSTANCE);
const issued_on = "2026-11-22";

// Keys of the windows 150, 151, 152 from one state (intake.md)
const STATE = fill(0x77);
const windows = [];
for (let w = 150, state = STATE; w < 153; w++, state = derive(state, "intake/next")) {
  windows.push({ window: w, seed: derive(state, "intake/seed") });
}

// Two sources and a slot for each, and one for nobody (codename.md, slots.md)
function source(byte) {
  const master = fill(byte);
  const seed = derive(master, "reply-identity");
  return { master, author: derive(master, "author"), seed, key: XWing.keygen(seed).publicKey, where: derive(master, "reply-address") };
}
const [ours, other] = [source(7), source(8)];
const EPOCH = fill(0x70, 16), SEQ = 7;

function hpke(sharedSecret, info) { // RFC 9180, base mode, suite 0x647a 0x0001 0x0003
  const suite = join(text("HPKE"), fill(0x64, 1), fill(0x7a, 1), number(1, 2), number(3, 2));
  const labeled = (salt, name, ikm) => extract(sha256, join(text("HPKE-v1"), suite, text(name), ikm), salt);
  const context = join(fill(0, 1), labeled(undefined, "psk_id_hash", fill(0, 0)), labeled(undefined, "info_hash", info));
  const secret = labeled(sharedSecret, "secret", fill(0, 0));
  const out = (name, n) => expand(sha256, secret, join(number(n, 2), text("HPKE-v1"), suite, text(name), context), n);
  return chacha20poly1305(out("key", 32), out("base_nonce", 12));
}
function hpkeSeal(key, info, plain) {
  const { cipherText, sharedSecret } = XWing.encapsulate(key);
  return join(cipherText, hpke(sharedSecret, info).encrypt(plain));
}
function fileKeyOf(envelope, seed, place) {
  const lines = Buffer.from(envelope).toString("latin1", 22 + place * 1557).split("\n");
  const [enc, body] = [lines[0].split(" ")[2], lines[1]].map((line) => Uint8Array.from(Buffer.from(line, "base64")));
  return hpke(XWing.decapsulate(enc, seed), text("age-encryption.org/mlkem768x25519")).decrypt(body);
}

function slot(to, address, { version = 1, kind = 1, part = 0, parts = 1, id = 1, body = "an answer" } = {}) {
  const head = [number(version, 1), number(kind, 1), number(part, 2), number(parts, 2), number(body.length, 2), number(id, 8)];
  const plain = fill(0, 2944);
  plain.set(join(...head, text(body)));
  return join(address, hpkeSeal(to, join(label("reply-slot"), INSTANCE, address), plain));
}
const addressOf = (s, k) => hmac(sha256, s.where, join(label("addr"), EPOCH, number(SEQ, 8), number(k, 2))).slice(0, 16);
const nobody = XWing.keygen(fill(0x55)).publicKey;

// An envelope to the key of window 150 and seven others (envelope.md, parcel.md)
function record(type, body) {
  return join(number(type, 1), number(body.length, 4), body);
}
function parcelOf(fileBytes) {
  const head = {
    v: 1, instance_id, window: 150, kind: "report", origin: "client", author: hex(ours.author),
    reply_key: base64url(ours.key), reply_address: hex(ours.where), sealed_on: issued_on, language: "en",
  };
  const file = Uint8Array.from({ length: fileBytes }, (_, n) => n % 251);
  const records = [
    record(1, text(json(head))),
    record(2, text("A road that was paid for twice.")),
    record(3, text(json({ form: "report", version: 1, answers: [{ id: "where", value: "Łódź" }] }))),
    record(4, text(json({ name: "invoice.pdf", media_type: "application/pdf" }))),
  ];
  for (let at = 0; at < fileBytes; at += 65536) records.push(record(5, file.subarray(at, at + 65536)));
  records.push(record(6, join(sha256(file), number(fileBytes, 8))));
  const before = join(...records);
  return join(before, record(7, number(before.length, 8)));
}
function padded(parcel, size) { // the sizes that the two parcels below come to, by padding.md
  const plain = fill(0, size);
  plain.set(parcel);
  return plain;
}
const identityOf = (seed) => bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", seed).toUpperCase();
async function envelope(plain, place) {
  const seeds = Array.from({ length: 7 }, (_, n) => fill(0xa0 + n));
  seeds.splice(place, 0, windows[0].seed);
  const encrypter = new age.Encrypter();
  for (const seed of seeds) encrypter.addRecipient(await age.identityToRecipient(identityOf(seed)));
  return encrypter.encrypt(plain);
}

// Who signs what (trust.md)
const seeds = { root: fill(0x10), station: fill(0x11), server: fill(0x12), stranger: fill(0x13) };
const keyOf = (who) => hex(ed25519.getPublicKey(seeds[who]));
function sign(who, name, value) {
  const body = text(json(value));
  return join(ed25519.sign(join(label(name), body), seeds[who]), body);
}
const certificate = (issuer, role) =>
  sign(issuer, "certificate", { v: 1, instance_id, role, public_key: keyOf(role), serial: 1, issued_on });
const certificates = [certificate("root", "station"), certificate("station", "server")];
const documents = {
  certificate: certificates[1],
  descriptor: sign("station", "descriptor", {
    v: 1, instance_id, number: 3, issued_on, root: keyOf("root"), certificates: certificates.map(base64url),
    batch_no: 2, oldest_window: 150, time_zone: "Europe/Warsaw", languages: ["en", "pl"],
  }),
  batch: sign("station", "batch", {
    v: 1, instance_id, batch_no: 2, issued_on, expires_on: "2026-12-07",
    windows: windows.map(({ window, seed }) => ({ window, recipient: base64url(XWing.keygen(seed).publicKey) })),
  }),
  board: sign("station", "board", {
    v: 1, instance_id, epoch: hex(EPOCH), seq: 9, issued_on,
    sets: [
      { epoch: hex(EPOCH), seq: 7, slots: 64, sha256: hex(fill(1)), expires_on: "2027-02-20" },
      { epoch: hex(EPOCH), seq: 8, slots: 128, sha256: hex(fill(2)), expires_on: "2027-02-20" },
    ],
  }),
};

// What we seal to ourselves (session.md, vault.md)
function xseal(key, aad, plain) {
  const nonce = crypto.getRandomValues(new Uint8Array(24));
  return join(nonce, xchacha20poly1305(key, nonce, aad).encrypt(plain));
}
const TICKET_ID = text("0001"), TICKET = fill(9);
const cookie = join(TICKET_ID, xseal(TICKET, join(label("session"), INSTANCE, TICKET_ID), text(json({ id: "abc" }))));
const cost = { memory_bytes: 64 * 1024, passes: 2 }, salt = fill(0x5a, 16), vault = fill(0, 16);
const wrapping = argon2id(text("seven words of the list"), salt, { t: 2, m: 64, p: 1, dkLen: 32 });
const aad = join(label("vault-key"), text(json({ ...cost, officer: "anna", vault: hex(vault) })));

const parcel = parcelOf(131000);
fs.mkdirSync(BASES, { recursive: true });
const envelopeA = await envelope(padded(parcel, 139264), 2);
fs.writeFileSync(new URL("envelope-a.age", BASES), envelopeA);
fs.writeFileSync(new URL("envelope-b.age", BASES), await envelope(padded(parcelOf(1000), 65536), 5));
const small = {
  instance_id, file_key: hex(fileKeyOf(envelopeA, windows[0].seed, 2)), state: hex(STATE), root: keyOf("root"), station: keyOf("station"), stranger: hex(seeds.stranger),
  signing_seed: hex(seeds.station), master: hex(ours.master), other_master: hex(other.master), epoch: hex(EPOCH), seq: SEQ,
  ...Object.fromEntries(Object.entries(documents).map(([name, data]) => [name, hex(data)])),
  slot: hex(slot(ours.key, addressOf(ours, 0))), other_slot: hex(slot(other.key, addressOf(other, 0))),
  dummy: hex(slot(nobody, fill(0xdd, 16), { kind: 0, body: "" })), reply_key: hex(ours.key),
  ticket_id: hex(TICKET_ID), ticket: hex(TICKET), cookie: base64url(cookie),
  officer: "anna", passphrase: "seven words of the list", vault: hex(vault), salt: hex(salt), ...cost,
  wrapped: hex(xseal(wrapping, aad, fill(0x6b))),
};
fs.writeFileSync(new URL("small.json", BASES), `${JSON.stringify(small, null, 1)}\n`);
