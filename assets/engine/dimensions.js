/** The sizes of what the network reads and gives, as in `model/networks/dimensions.py`. */

import tables from "../data/tables.json" with { type: "json" };

export const ROWS = tables.rows; // of an image, one a timestep
export const PIXELS = tables.pixels; // of a row
export const UNITS = tables.units;
export const CLASSES = tables.classes;
