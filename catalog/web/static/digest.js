// A worker that reads files and says their SHA-256, whole and, over 64 MiB, of each part: off the page's own thread.
// Small ones by the browser itself, which does that on trusted addresses only; all others by hash-wasm.

const SINGLE_MAX = 64 * 2 ** 20;
const PARTS_MAX = 10_000;

try {
  importScripts("sha256.umd.min.js");
} catch {
  // It was not fetched (scripts/frontend).
}

function partSize(size) {
  let part = SINGLE_MAX;
  while (part * PARTS_MAX < size) part *= 2;
  return part;
}

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function digestOf(bytes) {
  if (self.crypto?.subtle) return hex(await crypto.subtle.digest("SHA-256", bytes));
  if (!self.hashwasm) throw new Error("unable");
  return hashwasm.sha256(new Uint8Array(bytes));
}

async function digestsOf(file, tell) {
  if (file.size <= SINGLE_MAX) return { sha256: await digestOf(await file.arrayBuffer()), parts: [] };
  if (!self.hashwasm) throw new Error("unable");
  const whole = await hashwasm.createSHA256();
  const parts = [];
  const size = partSize(file.size);
  whole.init();
  for (let start = 0; start < file.size; start += size) {
    const bytes = await file.slice(start, start + size).arrayBuffer();
    whole.update(new Uint8Array(bytes));
    parts.push(await digestOf(bytes));
    tell(Math.min(start + size, file.size));
  }
  return { sha256: whole.digest("hex"), parts };
}

self.addEventListener("message", async ({ data: { id, file } }) => {
  try {
    self.postMessage({ id, ...(await digestsOf(file, (read) => self.postMessage({ id, read }))) });
  } catch (error) {
    self.postMessage({ id, error: error.message === "unable" ? "unable" : "unreadable" });
  }
});
