import { assertEquals } from "@std/assert";
import { compileStep } from "../../lib/backend/compile_step.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Scalar, type Tensor3D, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { render } from "../../lib/rendering/render.ts";
import { nativeTest } from "./native_library.ts";

const STEPS = 4;
const SIZE = 24;

nativeTest("a step that renders replays like the eager one bit for bit", async () => {
  await useBackend({ backend: "native", threads: 2 });
  const topology = sphereTopology();
  const target = tf.tensor4d(new Prng(1, "target").normals(2 * SIZE * SIZE * 3), [2, SIZE, SIZE, 3]);
  const fit = (compiled: boolean): number[] => {
    const start = Float32Array.from([...topology.vertices, ...topology.vertices], (value) => 0.7 * value);
    const vertices = tf.variable(tf.tensor3d(start, [2, 962, 3]));
    const texture = tf.variable(tf.tensor4d(new Prng(1, "texture").normals(2 * 8 * 8 * 3), [2, 8, 8, 3]));
    const plain = ({ shift }: { shift: Scalar }) => {
      const { value, grads } = tf.variableGrads(() => {
        const moved = tf.add(vertices, tf.reshape(shift, [1, 1, 1])) as Tensor3D;
        const { image, silhouette } = render(moved, texture as unknown as Tensor4D, topology, { size: SIZE });
        return tf.add(tf.mean(tf.square(tf.sub(image, target))), tf.mean(tf.square(silhouette))) as Scalar;
      });
      for (const variable of [vertices, texture]) {
        variable.assign(tf.sub(variable, tf.mul(grads[variable.name], 0.5)));
      }
      return { loss: value };
    };
    const replayed = compileStep(plain), step = compiled ? replayed : plain;
    const seen = Array.from({ length: STEPS }, (_, i) => {
      const shift = tf.scalar(0.02 * i), { loss } = step({ shift }), value = loss.dataSync()[0];
      tf.dispose([shift, loss]);
      return value;
    });
    seen.push(...vertices.dataSync(), ...texture.dataSync());
    replayed.dispose();
    tf.dispose([vertices, texture]);
    return seen;
  };
  assertEquals(fit(true), fit(false));
  target.dispose();
});
