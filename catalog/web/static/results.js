// The results that somebody came from, for as long as the tab is open: pages of assets lead to the ones before and after.

const KEY = "results";

export function readResults() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    if (Array.isArray(kept?.paths)) return kept;
  } catch {
    // Not permitted, or not ours.
  }
  return { address: "", paths: [] };
}

export function keepResults(links) {
  try {
    const kept = { address: location.pathname + location.search, paths: links.map((link) => link.pathname) };
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Not permitted: then there is no way from one to the next.
  }
}
