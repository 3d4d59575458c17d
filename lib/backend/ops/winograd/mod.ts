/**
 * Convolutions by Winograd's minimal filtering: fewer products, on tiles of the maps.
 *
 * @module
 */
export { winogradConvolution } from "./convolution.ts";
export { chooseTiling, type TilingLimits } from "./tiling.ts";
