export { type Archive, writeImages } from "./archive";
export { imagesOf } from "./needs";
export { standIn } from "./program";
export { storedName } from "./reference";
export { type ImageSpec, nextRelease, pause, slowImage } from "./spec";
