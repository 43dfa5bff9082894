// Digests of files, one after another, by the worker digest.js.

export class Digester {
  #worker;
  #last = Promise.resolve();
  #number = 0;

  constructor(address) {
    this.#worker = new Worker(address);
  }

  // Resolves with {sha256, parts}; tell(bytes) hears how far it is. Rejects with the name of what to say of the file.
  digest(file, tell = () => {}) {
    const own = this.#last.then(() => this.#ask(file, tell));
    this.#last = own.catch(() => {});
    return own;
  }

  #ask(file, tell) {
    const id = ++this.#number;
    return new Promise((resolve, reject) => {
      const hear = ({ data }) => {
        if (data.id !== id) return;
        if (data.read !== undefined) return tell(data.read);
        this.#worker.removeEventListener("message", hear);
        if (data.error) reject(new Error(data.error));
        else resolve({ sha256: data.sha256, parts: data.parts });
      };
      this.#worker.addEventListener("message", hear);
      this.#worker.postMessage({ id, file });
    });
  }
}
