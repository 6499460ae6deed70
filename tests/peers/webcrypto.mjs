// Node before 20 has the web's random numbers, but not under the name that libraries look for.
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
