// The 3D view, in a page of its own. Everything comes from this server: where the decoders of compressed models are must
// be said before the viewer is loaded, or it looks for them on the internet.

const stage = document.getElementById("stage");
const size = document.getElementById("size");
const tools = document.getElementById("tools");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const GAP = 0.15;
const ORBIT = "30deg 75deg 105%"; // whatever its shape, it stands whole in the picture, with air around it

const decoders = new URL(stage.dataset.decoders, location.href).href;
self.ModelViewerElement = {
  dracoDecoderLocation: decoders,
  ktx2TranscoderLocation: decoders,
  meshoptDecoderLocation: `${decoders}meshopt.js`,
  lottieLoaderLocation: `${decoders}none.js`,
};

function say(words) {
  size.textContent = words;
}

function canShow() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

function made() {
  const viewer = document.createElement("model-viewer");
  const poster = stage.querySelector("img");
  for (const [name, value] of Object.entries({
    src: stage.dataset.model,
    alt: stage.dataset.alt,
    "camera-controls": "",
    "camera-orbit": ORBIT,
    "touch-action": "pan-y",
    "shadow-intensity": "0.8",
    "tone-mapping": "neutral",
    "interaction-prompt": "none",
    ...(still ? { "interpolation-decay": "0" } : {}),
  })) viewer.setAttribute(name, value);
  if (poster) {
    poster.slot = "poster";
    viewer.append(poster);
  }
  return viewer;
}

// Lengths as people say them: meters of what is large, centimeters of what is not.
function told({ x, y, z }) {
  const lengths = [x, y, z];
  if (!("metric" in stage.dataset)) return `${lengths.map((one) => Number(one.toPrecision(3))).join(" × ")} ${size.dataset.unmeasured}`;
  const small = Math.max(...lengths) < 1;
  return `${lengths.map((one) => Number((small ? one * 100 : one).toPrecision(3))).join(" × ")} ${small ? "cm" : "m"}`;
}

function offerFigure(viewer, dimensions, center) {
  const box = document.getElementById("figure");
  if (!("metric" in stage.dataset)) {
    box.closest("label").hidden = true;
    return;
  }
  const across = dimensions.x / 2 + 0.3 + GAP * Math.max(1, dimensions.x / 4);
  box.addEventListener("change", () => {
    viewer.querySelector("extra-model")?.remove();
    if (box.checked) {
      const figure = document.createElement("extra-model");
      figure.setAttribute("src", stage.dataset.figure);
      figure.setAttribute("offset", `${center.x - across} ${center.y - dimensions.y / 2} ${center.z}`);
      viewer.append(figure);
    }
    viewer.addEventListener("load", () => {
      viewer.updateFraming();
    }, { once: true });
  });
}

function offerAnimations(viewer) {
  const names = viewer.availableAnimations;
  if (!names.length) return;
  const choice = document.getElementById("animation");
  const play = document.getElementById("play");
  choice.replaceChildren(...names.map((name, at) => new Option(name || at + 1, name)));
  choice.hidden = names.length === 1;
  document.getElementById("moving").hidden = false;
  const show = () => {
    play.textContent = viewer.paused ? play.dataset.play : play.dataset.pause;
  };
  choice.addEventListener("change", () => {
    viewer.animationName = choice.value;
  });
  play.addEventListener("click", () => {
    if (viewer.paused) viewer.play();
    else viewer.pause();
    show();
  });
  viewer.addEventListener("play", show);
  viewer.addEventListener("pause", show);
  if (!still) viewer.play();
  show();
}

// model-viewer has no word for morph targets; its scene of three.js, which it keeps to itself, has.
function offerShapes(viewer) {
  const key = Object.getOwnPropertySymbols(viewer).find((each) => each.description === "scene");
  const scene = key && viewer[key];
  const meshes = [];
  scene?.traverse?.((one) => {
    if (one.morphTargetDictionary) meshes.push(one);
  });
  const names = [...new Set(meshes.flatMap((mesh) => Object.keys(mesh.morphTargetDictionary)))];
  if (!names.length) return;
  const shapes = document.getElementById("shapes");
  shapes.hidden = false;
  shapes.querySelector(".count").textContent = names.length;
  shapes.querySelector(".shapes").append(...names.map((name) => {
    const label = document.createElement("label");
    const range = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 1, step: 0.01, value: 0 });
    range.addEventListener("input", () => {
      for (const mesh of meshes) {
        const at = mesh.morphTargetDictionary[name];
        if (at !== undefined) mesh.morphTargetInfluences[at] = Number(range.value);
      }
      scene.queueRender();
    });
    label.append(name, range);
    return label;
  }));
}

function offerReset(viewer) {
  document.getElementById("reset").addEventListener("click", () => {
    viewer.resetTurntableRotation(0);
    viewer.cameraTarget = "auto auto auto";
    viewer.cameraOrbit = ORBIT;
    viewer.fieldOfView = "auto";
    viewer.jumpCameraToGoal();
  });
}

async function begin() {
  if (!canShow()) {
    say(size.dataset.flat);
    return;
  }
  say(size.dataset.loading);
  await import(stage.dataset.viewer);
  const viewer = made();
  viewer.addEventListener("error", () => say(size.dataset.failed));
  viewer.addEventListener("load", () => {
    const dimensions = viewer.getDimensions();
    const center = viewer.getBoundingBoxCenter();
    say(told(dimensions));
    size.title = size.dataset.measures;
    offerFigure(viewer, dimensions, center);
    offerAnimations(viewer);
    offerShapes(viewer);
    offerReset(viewer);
    tools.hidden = false;
    document.documentElement.dataset.shown = "yes";
  }, { once: true });
  stage.append(viewer);
}

begin();
