// Brings the bytes of a draft to where the server says: to the store, or through the web process. It asks what has not
// arrived, sends that, and asks again, until nothing is missing; so it goes on after a pause, a reload or a broken line.

import { sizeOf, wireChoice } from "./choosing.js";
import { Digester } from "./digesting.js";
import { said } from "./words.js";

const AT_ONCE = 3;
const TRIES = 5;
const FRUITLESS_MAX = 3;
const STEP_SAID = 0.1;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// ``held`` maps digests to files of this machine: {path, file}.
export function wireUpload(section, held = new Map()) {
  const part = (id) => document.getElementById(id);
  const view = {
    said: part("uploading-said"),
    title: part("uploading-title"),
    total: part("total"),
    acts: part("uploading-acts"),
    pause: part("pause"),
    again: part("again"),
    troubles: part("troubles"),
    publish: part("publishing"),
    rows: Map.groupBy(document.querySelectorAll("#draft-files [data-sha256]"), (row) => row.dataset.sha256),
  };
  const upload = new Upload(section.dataset, held, view);
  view.acts.hidden = false;
  view.pause.addEventListener("click", () => (upload.running ? upload.pause() : upload.run()));
  wireChoice(section, (chosen) => upload.take(chosen.files));
  view.publish.querySelector("button").disabled = true;
  upload.run();
}

class Upload {
  #say;
  #view;
  #held;
  #requests = new Set();
  #via = "";
  #left = new Map();
  #sent = new Map();
  #bytes = 0;
  #arrived = 0;
  #saidAt = -1;
  #digester = null;
  #current = Promise.resolve();
  running = false;

  constructor(say, held, view) {
    this.#say = say;
    this.#held = held;
    this.#view = view;
  }

  run() {
    this.#current = this.#current.then(() => this.#run());
    return this.#current;
  }

  async #run() {
    this.running = true;
    this.#view.troubles.replaceChildren();
    this.#show();
    try {
      await this.#rounds();
    } catch (error) {
      this.#trouble(error.message);
    }
    this.running = false;
    this.#show();
  }

  pause() {
    this.running = false;
    for (const request of this.#requests) request.abort();
    this.#show();
  }

  // Find files that are chosen again among those that are missing: by their bytes, whatever they are called now.
  async take(files) {
    this.pause();
    await this.#current;
    this.#view.troubles.replaceChildren();
    const sizes = new Set([...this.#left.values()].map((item) => item.size));
    const strange = files.filter(({ file }) => !sizes.has(file.size));
    this.#digester ??= new Digester(this.#say.digest);
    for (const one of files.filter(({ file }) => sizes.has(file.size))) {
      this.#view.said.textContent = said("reading", { file: one.path });
      try {
        const { sha256 } = await this.#digester.digest(one.file);
        if (this.#left.has(sha256)) this.#held.set(sha256, one);
        else strange.push(one);
      } catch (error) {
        this.#trouble(said(error.message, { file: one.path }));
      }
    }
    await this.run();
    if (this.#left.size && strange.length) {
      const names = strange.slice(0, 5).map(({ path }) => path).join(", ");
      this.#trouble(said("strange", { files: names }));
    }
  }

  async #rounds() {
    for (let fruitless = 0; fruitless < FRUITLESS_MAX; ) {
      const items = await this.#list();
      const tasks = items.filter((item) => this.#held.has(item.sha256)).flatMap((item) => item.steps.map((step) => ({ item, step })));
      if (!items.length) return this.#end();
      if (!tasks.length || !this.running) return;
      const outcomes = await this.#share(tasks);
      if (!this.running) return;
      if (outcomes.includes("failed")) return;
      fruitless = outcomes.includes("arrived") || outcomes.includes("elsewhere") ? 0 : fruitless + 1;
    }
    this.#trouble(said("late"));
  }

  // What has not arrived. A file whose parts are all there has no steps left: they are put together when it is published.
  async #list() {
    const items = [];
    let cursor = null;
    do {
      const asked = new URLSearchParams({ ...(cursor && { cursor }), ...(this.#via && { via: this.#via }) });
      const page = await this.#ask(`${this.#say.uploads}?${asked}`);
      items.push(...page.items.filter((item) => item.steps.length));
      cursor = page.next_cursor;
    } while (cursor);
    this.#left = new Map(items.map((item) => [item.sha256, item]));
    const missing = items.reduce((sum, item) => sum + item.steps.reduce((bytes, step) => bytes + step.size, 0), 0);
    this.#bytes = Math.max(Number(this.#say.bytes), missing);
    this.#arrived = this.#bytes - missing;
    this.#sent.clear();
    for (const [sha256, rows] of this.#view.rows) if (!this.#left.has(sha256)) write(rows, said("arrived"));
    this.#show();
    return items;
  }

  async #ask(address) {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) return answer.json();
      if (answer?.redirected) throw new Error(said("ended"));
      if (answer && answer.status < 500) throw new Error(said("over"));
      if (attempt === TRIES) throw new Error(said("silent"));
      await wait(500 * 2 ** attempt);
      if (!this.running) return { items: [...this.#left.values()], next_cursor: null };
    }
  }

  async #share(tasks) {
    const outcomes = [];
    const queue = tasks[Symbol.iterator]();
    const work = async () => {
      for (const task of queue) {
        if (!this.running) return;
        outcomes.push(await this.#send(task));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return outcomes;
  }

  // arrived; late: to be asked for anew; elsewhere: the store cannot be reached from here, so through the web process.
  async #send({ item, step }) {
    const { path, file } = this.#held.get(item.sha256);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { status, text } = await this.#put(item, step, file.slice(step.offset, step.offset + step.size));
      if (!this.running) return "paused";
      if ((status >= 200 && status < 300) || status === 412) return this.#landed(item, step);
      if (status === 403) return "late";
      if (status === 0 && new URL(step.url, location.href).origin !== location.origin) {
        this.#via = "relay";
        return "elsewhere";
      }
      if (status >= 400 && status < 500 && status !== 408 && status !== 409 && status !== 429) {
        this.#trouble(said("changed", { file: path, answer: `${status}${code(text)}` }));
        this.#held.delete(item.sha256);
        return "failed";
      }
      await wait(500 * 2 ** attempt);
    }
    this.#trouble(said("refused", { file: path }));
    return "failed";
  }

  #put(item, step, bytes) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const end = () => {
        this.#requests.delete(request);
        done({ status: request.status, text: request.responseText });
      };
      request.open(step.method, step.url);
      for (const [name, value] of Object.entries(step.headers)) request.setRequestHeader(name, value);
      request.upload.addEventListener("progress", ({ loaded }) => this.#note(item, step, loaded));
      request.addEventListener("loadend", end);
      this.#requests.add(request);
      request.send(bytes);
    });
  }

  #landed(item, step) {
    this.#note(item, step, step.size);
    const rows = this.#view.rows.get(item.sha256);
    if (rows && item.steps.every((one) => this.#sent.get(one) === one.size)) write(rows, said("arrived"));
    return "arrived";
  }

  #note(item, step, loaded) {
    this.#sent.set(step, Math.min(loaded, step.size));
    const sent = item.steps.reduce((sum, one) => sum + (this.#sent.get(one) ?? 0), 0);
    const whole = item.steps.reduce((sum, one) => sum + one.size, 0);
    const rows = this.#view.rows.get(item.sha256);
    if (rows && whole) draw(rows, (item.size - whole + sent) / item.size);
    this.#show();
  }

  #end() {
    this.#left.clear();
    this.#view.publish.querySelector("button").disabled = false;
    // Only for whoever has just brought the files, here: an address alone, opened or sent, publishes nothing.
    if (this.#say.then === "publish" && this.#held.size) this.#view.publish.requestSubmit();
  }

  #trouble(words) {
    const line = document.createElement("li");
    line.textContent = words;
    this.#view.troubles.append(line);
  }

  #show() {
    const view = this.#view;
    const sent = this.#arrived + [...this.#sent.values()].reduce((sum, bytes) => sum + bytes, 0);
    const done = this.#left.size === 0 && !this.running;
    const lacking = [...this.#left.keys()].filter((sha256) => !this.#held.has(sha256)).length;
    const share = this.#bytes ? sent / this.#bytes : 0;
    view.total.hidden = done || !this.#bytes;
    view.total.value = share;
    view.pause.hidden = done || lacking === this.#left.size;
    view.pause.textContent = said(this.running ? "pause" : view.troubles.childElementCount ? "retry" : "resume");
    view.again.hidden = this.running || !lacking;
    view.title.textContent = said(done && !view.troubles.childElementCount ? "whole" : "upload");
    const state = `${this.running} ${lacking} ${done} ${this.#bytes} ${Math.floor(share / STEP_SAID)}`;
    if (state === this.#saidAt) return;
    this.#saidAt = state;
    const way = said("way", { percent: Math.floor(share * 100), size: sizeOf(this.#bytes) });
    if (done) view.said.textContent = "";
    else if (!this.#bytes) view.said.textContent = said("asking");
    else if (this.running) view.said.textContent = said("uploading", { way });
    else if (lacking) view.said.textContent = said("lacking", { count: lacking });
    else view.said.textContent = said("paused", { way });
  }
}

const code = (text) => (/<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? "").replace(/^/, " ").trimEnd();

const cells = (rows) => rows.map((row) => row.lastElementChild);

function write(rows, words) {
  for (const cell of cells(rows)) cell.textContent = words;
}

function draw(rows, share) {
  for (const cell of cells(rows)) {
    let bar = cell.querySelector("progress");
    if (!bar) {
      bar = document.createElement("progress");
      bar.setAttribute("aria-label", said("upload"));
      cell.replaceChildren(bar);
    }
    bar.value = share;
  }
}
