/* Small things that the kernels share: types, loads at any address, sums over lanes. */
#ifndef VECTORS_H
#define VECTORS_H

#include <wasm_simd128.h>

#define EXPORT __attribute__((visibility("default")))

typedef unsigned char u8;
typedef unsigned long long u64;

static inline u64 load_u64(const u8 *at) {
  u64 value;
  __builtin_memcpy(&value, at, 8);
  return value;
}

static inline unsigned load_u32(const u8 *at) {
  unsigned value;
  __builtin_memcpy(&value, at, 4);
  return value;
}

static inline void store_u32(u8 *at, unsigned value) { __builtin_memcpy(at, &value, 4); }

static inline void store_u16(u8 *at, unsigned value) {
  unsigned short low = (unsigned short)value;
  __builtin_memcpy(at, &low, 2);
}

/* Point `index` of pairs of float64. */
static inline v128_t load_point(const double *points, int index) { return wasm_v128_load(points + 2 * index); }

static inline v128_t swap_pair(v128_t pair) { return wasm_i64x2_shuffle(pair, pair, 1, 0); }

static inline double dot_self(v128_t pair) {
  v128_t square = wasm_f64x2_mul(pair, pair);
  return wasm_f64x2_extract_lane(square, 0) + wasm_f64x2_extract_lane(square, 1);
}

/* Sums from lane to lane, begun with *carry, which becomes the last one. */
static inline v128_t running_sum(v128_t values, int *carry) {
  v128_t zero = wasm_i32x4_const_splat(0);
  values = wasm_i32x4_add(values, wasm_i32x4_shuffle(zero, values, 0, 4, 5, 6));
  values = wasm_i32x4_add(values, wasm_i32x4_shuffle(zero, values, 0, 1, 4, 5));
  values = wasm_i32x4_add(values, wasm_i32x4_splat(*carry));
  *carry = wasm_i32x4_extract_lane(values, 3);
  return values;
}

static inline double sum_lanes(v128_t values) {
  return (double)wasm_f32x4_extract_lane(values, 0) + wasm_f32x4_extract_lane(values, 1) +
         wasm_f32x4_extract_lane(values, 2) + wasm_f32x4_extract_lane(values, 3);
}

/* The sum of each of four vectors, in its lane. */
static inline v128_t sum_four(v128_t a, v128_t b, v128_t c, v128_t d) {
  v128_t ab = wasm_f32x4_add(wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), wasm_i32x4_shuffle(a, b, 2, 6, 3, 7));
  v128_t cd = wasm_f32x4_add(wasm_i32x4_shuffle(c, d, 0, 4, 1, 5), wasm_i32x4_shuffle(c, d, 2, 6, 3, 7));
  return wasm_f32x4_add(wasm_i32x4_shuffle(ab, cd, 0, 1, 4, 5), wasm_i32x4_shuffle(ab, cd, 2, 3, 6, 7));
}

#endif
