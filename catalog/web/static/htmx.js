// htmx for pages that are mostly left without needing it: fetched when it is first wanted. Where it cannot be, there is none.

export function prepareHtmx(address) {
  if (window.htmx || !address) return Promise.resolve();
  return new Promise((done) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", done);
    script.addEventListener("error", done);
    document.head.append(script);
  });
}
