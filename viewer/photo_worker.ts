/**
 * Worker of the page that makes a 3D model of a photograph.
 *
 * @module
 */
import "../lib/photo/photo_worker.ts";
