/** What every cluster gets beside the app. */
export { type AddOn, type Footprint } from "./addOn";
export { addOns, addOnsOf } from "./addOns";
export { Platform } from "./platform";
