// The page that registers an asset or its next version. Without it the form sends small files by itself.

import { chosenIn, droppedIn, sizeOf, wireChoice } from "./choosing.js";
import { Digester } from "./digesting.js";
import { wireUpload } from "./uploading.js";
import { said } from "./words.js";

const ASKED_AT_ONCE = 50;
const ROWS_MAX = 200;
const TYPED_MS = 250;
const LOOK_MS = 1000;

// What was chosen, by path: it outlives the form, which is replaced when it is refused.
const chosen = new Map();

const part = (id) => document.getElementById(id);

function wireForm(form) {
  for (const one of form.querySelectorAll("[data-plain]")) one.hidden = true;
  for (const one of form.querySelectorAll("[data-live]")) one.hidden = false;
  wireFiles(form);
  if (part("code")) wireCode(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, event.submitter);
  });
}

// --- the code: a prefix by the kind, the rest by the name, and whether it is free

function wireCode(form) {
  const [code, kind, name, told] = ["code", "kind", "name", "code-said"].map(part);
  const prefixes = [...kind.options].map((option) => option.dataset.prefix).filter(Boolean);
  let own = code.value !== "";
  let timer = 0;

  const ask = (asked) => json(`${form.dataset.codeCheck}?${new URLSearchParams({ code: asked })}`);
  const suggest = () => {
    if (own) return;
    if (/\p{Script=Han}/u.test(name.value)) return spell();
    const words = name.value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[a-z0-9]+/g) ?? [];
    code.value = (kind.selectedOptions[0].dataset.prefix + words.join("_")).slice(0, 64);
    check();
  };
  // The server knows how Chinese is read; what it is asked for is no code yet.
  const spell = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const asked = kind.selectedOptions[0].dataset.prefix + name.value;
      const answer = await ask(asked);
      if (own || asked !== kind.selectedOptions[0].dataset.prefix + name.value) return;
      code.value = answer?.instead ?? "";
      check();
    }, TYPED_MS);
  };
  const change = () => {
    const prefix = prefixes.find((one) => code.value.startsWith(one));
    if (own && prefix) code.value = kind.selectedOptions[0].dataset.prefix + code.value.slice(prefix.length);
    own ? check() : suggest();
  };
  const check = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const asked = code.value;
      const answer = asked.replace(/_$/, "") ? await ask(asked) : null;
      if (code.value !== asked) return;
      const own = document.createElement("span");
      own.lang = answer?.free === false ? "en" : document.documentElement.lang;
      own.textContent = answer?.message ?? "";
      told.replaceChildren(...(answer?.reason ? [`${answer.reason} `] : []), own);
      told.classList.toggle("code-free", answer?.free === true);
      told.classList.toggle("trouble", answer?.free === false);
      code.setAttribute("aria-invalid", String(answer?.free === false));
    }, TYPED_MS);
  };
  code.addEventListener("input", () => {
    own = code.value !== "";
    check();
  });
  name.addEventListener("input", suggest);
  kind.addEventListener("change", change);
  if (own) check();
}

// --- the files

let digester = null;
let rules = [];

function wireFiles(form) {
  const drop = part("drop");
  digester ??= new Digester(form.dataset.digest);
  rules = JSON.parse(form.dataset.rules).map(([pattern, role]) => [new RegExp(pattern, "i"), role]);
  drop.classList.add("live");
  drop.querySelector(".field").hidden = true;
  drop.querySelector(".drop-acts").hidden = false;
  part("files").name = "";
  wireChoice(drop, take);
  // A file that is dropped beside the field must not replace the page.
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    drop.classList.remove("over");
    take(await droppedIn(event.dataTransfer));
  });
  if (part("files").files.length) take(chosenIn(part("files")));
  show();
}

const guess = (path) => rules.find(([pattern]) => pattern.test(path))[1];

function take({ files, leftOut }) {
  for (const { path, file } of files) {
    const one = { path, file, role: guess(path), read: 0, digest: null, fault: "" };
    one.ready = digester
      .digest(file, (read) => {
        one.read = read;
        tell(one);
      })
      .then(
        (digest) => (one.digest = digest),
        (error) => (one.fault = said(error.message, { file: path })),
      )
      .then(() => tell(one));
    chosen.set(path, one);
  }
  show();
  const left = leftOut ? ` ${said("left_out", { count: leftOut })}` : "";
  part("chosen-said").textContent = summary() + left;
  lookForTwins();
}

const summary = () => {
  const files = [...chosen.values()];
  return files.length ? said("files", { count: files.length, size: sizeOf(files.reduce((sum, { file }) => sum + file.size, 0)) }) : "";
};

function show() {
  const body = part("chosen").querySelector("tbody");
  const shown = [...chosen.values()].slice(0, ROWS_MAX);
  body.replaceChildren(...shown.map(row));
  part("chosen").hidden = !shown.length;
  part("chosen-said").textContent = summary() + (chosen.size > ROWS_MAX ? ` ${said("first", { count: ROWS_MAX })}` : "");
}

function row(one) {
  const line = part("chosen-row").content.firstElementChild.cloneNode(true);
  const role = line.querySelector("select");
  const remove = line.querySelector("button");
  line.querySelector("bdi").textContent = one.path;
  line.children[2].textContent = sizeOf(one.file.size);
  role.value = one.role;
  role.setAttribute("aria-label", said("role", { file: one.path }));
  role.addEventListener("change", () => (one.role = role.value));
  remove.lastElementChild.textContent = ` ${one.path}`;
  remove.addEventListener("click", () => {
    chosen.delete(one.path);
    show();
    lookForTwins();
    part("drop").querySelector("[data-choose]").focus();
  });
  one.cell = line.children[3];
  tell(one);
  return line;
}

function tell(one) {
  if (!one.cell) return;
  one.cell.classList.toggle("trouble", one.fault !== "");
  if (one.fault) one.cell.textContent = said("unread");
  else if (one.digest) one.cell.textContent = said("read");
  else one.cell.textContent = one.read ? `${Math.floor((100 * one.read) / one.file.size)} %` : said("waiting");
}

// --- what the catalog has already

let looking = 0;
let warned = "";

async function lookForTwins() {
  const own = ++looking;
  await Promise.all([...chosen.values()].map((one) => one.ready));
  if (own !== looking) return;
  const byDigest = Map.groupBy([...chosen.values()].filter((one) => one.digest), (one) => one.digest.sha256);
  const digests = [...byDigest.keys()];
  const found = [];
  for (let at = 0; at < digests.length && found.length < ROWS_MAX; at += ASKED_AT_ONCE) {
    const asked = new URLSearchParams(digests.slice(at, at + ASKED_AT_ONCE).map((sha256) => ["sha256", sha256]));
    const asset = part("registering")?.elements.asset?.value;
    if (asset) asked.append("asset", asset);
    found.push(...((await json(`${part("registering").dataset.known}?${asked}`)) ?? []));
    if (own !== looking) return;
  }
  const note = part("twins");
  note.hidden = !found.length;
  note.querySelector("[data-count]").textContent = said("twins", { count: found.length });
  note.querySelector("[data-list]").replaceChildren(
    ...found.slice(0, 10).map((twin) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `/assets/${encodeURIComponent(twin.asset)}/versions/${twin.number}`;
      link.textContent = said("twin", { asset: twin.asset, number: String(twin.number) });
      line.append(byDigest.get(twin.sha256)[0].path, " → ", link, ` ${twin.path}`);
      return line;
    }),
  );
  note.dataset.digests = found.map((twin) => twin.sha256).join(" ");
}

// --- sending

async function send(form, button) {
  const problem = part("problem");
  problem.hidden = true;
  const refuse = (words) => {
    problem.textContent = words;
    problem.hidden = false;
  };
  if (!chosen.size) return refuse(said("none"));
  button.disabled = true;
  try {
    await lookForTwins();
    const faults = [...chosen.values()].map((one) => one.fault).filter(Boolean);
    if (faults.length) return refuse(said("remove", { fault: faults[0] }));
    const twins = part("twins").dataset.digests ?? "";
    if (!part("twins").hidden && twins !== warned) {
      warned = twins;
      part("twins").focus();
      return refuse(said("again"));
    }
    await draft(form, button);
  } catch {
    refuse(said("unreached"));
  } finally {
    button.disabled = false;
  }
}

async function draft(form, button) {
  const filled = new FormData(form);
  filled.set("then", button.value);
  const files = [...chosen.values()].map(({ path, role, file, digest }) => ({
    path,
    role,
    size_bytes: file.size,
    sha256: digest.sha256,
    part_sha256: digest.parts,
  }));
  filled.append("manifest", new Blob([JSON.stringify(files)], { type: "application/json" }), "manifest.json");
  const answer = await fetch(form.action, { method: "POST", body: filled });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("main");
  if (answer.redirected && !main.querySelector("#uploading")) return location.assign(answer.url);
  document.querySelector("main").replaceWith(document.adoptNode(main));
  document.title = page.title;
  if (answer.redirected) history.pushState(null, "", answer.url);
  begin(new Map([...chosen.values()].map((one) => [one.digest.sha256, one])));
  (part("refused") ?? main).focus();
}

async function json(address) {
  const answer = await fetch(address).catch(() => null);
  return answer?.ok && !answer.redirected ? answer.json() : null;
}

// --- waiting until it is published and pictured

function look(waiting) {
  const before = waiting.dataset.state;
  const again = async () => {
    const answer = await fetch(location.href).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    if (page && page.getElementById("waiting")?.dataset.state !== before) location.reload();
    else setTimeout(again, LOOK_MS);
  };
  setTimeout(again, LOOK_MS);
}

function begin(held) {
  const [form, uploading, waiting] = ["registering", "uploading", "waiting"].map(part);
  if (form) wireForm(form);
  if (uploading) wireUpload(uploading, held);
  if (waiting) look(waiting);
}

addEventListener("popstate", () => location.reload());
begin(new Map());
