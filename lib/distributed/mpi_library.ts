/**
 * The C library of an MPI implementation, found at run time.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import type { MpiKind } from "./rank_environment.ts";

/** Variable that names the library's file. */
export const LIBRARY_VARIABLE = "TEXMESH_MPI";

const NAMES: Readonly<Record<MpiKind, readonly string[]>> = {
  mpich: ["libmpich.so.12", "libmpi.so.12", "libmpich.so", "libmpich.dylib", "libmpi.12.dylib", "msmpi.dll"],
  openmpi: ["libmpi.so.40", "libmpi.so.20", "libmpi.so", "libmpi.dylib", "libmpi.40.dylib"],
};
const DEBIAN: Readonly<Record<MpiKind, string>> = { mpich: "mpich", openmpi: "openmpi-bin" };

/** MPICH's handles are numbers, OpenMPI's are addresses. */
function symbolsOf<H extends "i32" | "pointer">(handle: H) {
  return {
    MPI_Init_thread: { parameters: ["pointer", "pointer", "i32", "buffer"], result: "i32" },
    MPI_Comm_rank: { parameters: [handle, "buffer"], result: "i32" },
    MPI_Comm_size: { parameters: [handle, "buffer"], result: "i32" },
    MPI_Ibarrier: { parameters: [handle, "buffer"], result: "i32" },
    MPI_Iallreduce: {
      parameters: ["pointer", "buffer", "i32", handle, handle, handle, "buffer"],
      result: "i32",
    },
    MPI_Ibcast: { parameters: ["buffer", "i32", handle, "i32", handle, "buffer"], result: "i32" },
    MPI_Test: { parameters: ["buffer", "buffer", "buffer"], result: "i32" },
    MPI_Abort: { parameters: [handle, "i32"], result: "i32" },
    MPI_Finalize: { parameters: [], result: "i32" },
  } as const satisfies Deno.ForeignLibraryInterface;
}

/** OpenMPI's objects, whose addresses are its handles. */
const OPENMPI_OBJECTS = {
  ompi_mpi_comm_world: { type: "pointer" },
  ompi_mpi_float: { type: "pointer" },
  ompi_mpi_byte: { type: "pointer" },
  ompi_mpi_op_sum: { type: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

/** A handle of the library. */
export type MpiHandle = number | Deno.PointerValue;

/** The library's functions, whatever its handles are. */
export type MpiFunctions = {
  readonly MPI_Init_thread: (
    count: Deno.PointerValue,
    values: Deno.PointerValue,
    required: number,
    provided: Int32Array<ArrayBuffer>,
  ) => number;
  readonly MPI_Comm_rank: (comm: MpiHandle, rank: Int32Array<ArrayBuffer>) => number;
  readonly MPI_Comm_size: (comm: MpiHandle, size: Int32Array<ArrayBuffer>) => number;
  readonly MPI_Ibarrier: (comm: MpiHandle, request: BigInt64Array<ArrayBuffer>) => number;
  readonly MPI_Iallreduce: (
    send: Deno.PointerValue,
    receive: BufferSource,
    count: number,
    type: MpiHandle,
    operation: MpiHandle,
    comm: MpiHandle,
    request: BigInt64Array<ArrayBuffer>,
  ) => number;
  readonly MPI_Ibcast: (
    values: BufferSource,
    count: number,
    type: MpiHandle,
    root: number,
    comm: MpiHandle,
    request: BigInt64Array<ArrayBuffer>,
  ) => number;
  readonly MPI_Test: (
    request: BigInt64Array<ArrayBuffer>,
    flag: Int32Array<ArrayBuffer>,
    status: BigInt64Array<ArrayBuffer>,
  ) => number;
  readonly MPI_Abort: (comm: MpiHandle, code: number) => number;
  readonly MPI_Finalize: () => number;
};

/** The open library with the handles that are used. */
export interface MpiLibrary {
  /** Its functions. */
  readonly functions: MpiFunctions;
  /** All processes. */
  readonly world: MpiHandle;
  /** float32. */
  readonly float: MpiHandle;
  /** Bytes. */
  readonly byte: MpiHandle;
  /** Sums. */
  readonly sum: MpiHandle;
  /** In place of a send buffer: the result goes where the values are. */
  readonly inPlace: Deno.PointerValue;
}

/** Numbers of MPICH's binary interface, which Intel's and others' libraries share. */
const MPICH_HANDLES = {
  world: 0x44000000,
  float: 0x4c00040a,
  byte: 0x4c00010d,
  sum: 0x58000003,
} as const;

/**
 * Opens the library of the implementation that started this process.
 *
 * @param kind The implementation
 * @throws {UserError} If there is no such library; the message says what to install
 */
export function openMpiLibrary(kind: MpiKind): MpiLibrary {
  const given = Deno.env.get(LIBRARY_VARIABLE);
  const names = given ? [given] : NAMES[kind];
  const reasons: string[] = [];
  for (const name of names) {
    try {
      return kind === "mpich" ? openMpich(name) : openOpenMpi(name);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new UserError(
    `Cannot work with several processes: none of ${names.join(", ")} can be opened (${
      reasons[0]
    }). Install the ` +
      `library that belongs to mpiexec (Debian: ${DEBIAN[kind]}), or name its file in ${LIBRARY_VARIABLE}.`,
  );
}

function openMpich(name: string): MpiLibrary {
  const { symbols } = Deno.dlopen(name, symbolsOf("i32"));
  const inPlace = Deno.UnsafePointer.create(0xffffffffffffffffn);
  return { functions: symbols as unknown as MpiFunctions, ...MPICH_HANDLES, inPlace };
}

function openOpenMpi(name: string): MpiLibrary {
  const { symbols } = Deno.dlopen(name, { ...symbolsOf("pointer"), ...OPENMPI_OBJECTS });
  return {
    functions: symbols as unknown as MpiFunctions,
    world: symbols.ompi_mpi_comm_world,
    float: symbols.ompi_mpi_float,
    byte: symbols.ompi_mpi_byte,
    sum: symbols.ompi_mpi_op_sum,
    inPlace: Deno.UnsafePointer.create(1n),
  };
}
