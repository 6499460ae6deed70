// Prints the age test kit (npm cctv-age) as one JSON object for tests/conformance: each name with its file in base64.
import * as kit from "cctv-age";

const vectors = Object.entries(kit).map(([name, file]) => [name, Buffer.from(file).toString("base64")]);
process.stdout.write(JSON.stringify(Object.fromEntries(vectors)));
