/**
 * The C functions of TensorFlow that the native backend calls, with their signatures.
 *
 * @module
 */

/** `TF_Output`: an operation and the number of one of its results. */
const OUTPUT = { struct: ["pointer", "i32"] } as const;

/**
 * Signatures for `Deno.dlopen`. A function that takes a status has it as its last argument.
 *
 * A `TFE_TensorHandle` goes by its address (`u64`), which is what an operation writes for its results: to make a pointer of
 * one takes longer than any call on it.
 */
export const SYMBOLS = {
  // Library, status and buffers
  TF_Version: { parameters: [], result: "pointer" },
  TF_NewStatus: { parameters: [], result: "pointer" },
  TF_DeleteStatus: { parameters: ["pointer"], result: "void" },
  TF_GetCode: { parameters: ["pointer"], result: "i32" },
  TF_Message: { parameters: ["pointer"], result: "pointer" },
  TF_NewBuffer: { parameters: [], result: "pointer" },
  TF_DeleteBuffer: { parameters: ["pointer"], result: "void" },
  // Context and devices
  TFE_NewContextOptions: { parameters: [], result: "pointer" },
  TFE_DeleteContextOptions: { parameters: ["pointer"], result: "void" },
  TFE_ContextOptionsSetConfig: { parameters: ["pointer", "buffer", "usize", "pointer"], result: "void" },
  TFE_ContextOptionsSetDevicePlacementPolicy: { parameters: ["pointer", "i32"], result: "void" },
  TFE_NewContext: { parameters: ["pointer", "pointer"], result: "pointer" },
  TFE_DeleteContext: { parameters: ["pointer"], result: "void" },
  TFE_ContextSetSoftDevicePlacement: { parameters: ["pointer", "u8", "pointer"], result: "void" },
  TFE_ContextListDevices: { parameters: ["pointer", "pointer"], result: "pointer" },
  TF_DeleteDeviceList: { parameters: ["pointer"], result: "void" },
  TF_DeviceListCount: { parameters: ["pointer"], result: "i32" },
  TF_DeviceListType: { parameters: ["pointer", "i32", "pointer"], result: "pointer" },
  TF_DeviceListName: { parameters: ["pointer", "i32", "pointer"], result: "pointer" },
  // Tensors
  TF_AllocateTensor: { parameters: ["i32", "buffer", "i32", "usize"], result: "pointer" },
  TF_TensorData: { parameters: ["pointer"], result: "pointer" },
  TF_TensorByteSize: { parameters: ["pointer"], result: "usize" },
  TF_DeleteTensor: { parameters: ["pointer"], result: "void" },
  TF_TensorFromProto: { parameters: ["buffer", "pointer", "pointer"], result: "void" },
  TF_StringGetDataPointer: { parameters: ["pointer"], result: "pointer" },
  TF_StringGetSize: { parameters: ["pointer"], result: "usize" },
  TFE_NewTensorHandle: { parameters: ["pointer", "pointer"], result: "u64" },
  TFE_DeleteTensorHandle: { parameters: ["u64"], result: "void" },
  TFE_TensorHandleDataType: { parameters: ["u64"], result: "i32" },
  TFE_TensorHandleNumDims: { parameters: ["u64", "pointer"], result: "i32" },
  TFE_TensorHandleDim: { parameters: ["u64", "i32", "pointer"], result: "i64" },
  TFE_TensorHandleResolve: { parameters: ["u64", "pointer"], result: "pointer" },
  TFE_TensorHandleCopySharingTensor: { parameters: ["u64", "pointer"], result: "u64" },
  // Operations run at once
  TFE_NewOp: { parameters: ["pointer", "buffer", "pointer"], result: "pointer" },
  TFE_DeleteOp: { parameters: ["pointer"], result: "void" },
  TFE_OpSetDevice: { parameters: ["pointer", "buffer", "pointer"], result: "void" },
  TFE_OpAddInput: { parameters: ["pointer", "u64", "pointer"], result: "void" },
  TFE_OpGetFlatInputCount: { parameters: ["pointer", "pointer"], result: "i32" },
  TFE_OpSetAttrType: { parameters: ["pointer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrInt: { parameters: ["pointer", "buffer", "i64"], result: "void" },
  TFE_OpSetAttrFloat: { parameters: ["pointer", "buffer", "f32"], result: "void" },
  TFE_OpSetAttrBool: { parameters: ["pointer", "buffer", "u8"], result: "void" },
  TFE_OpSetAttrString: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "void" },
  TFE_OpSetAttrShape: { parameters: ["pointer", "buffer", "buffer", "i32", "pointer"], result: "void" },
  TFE_OpSetAttrFunctionName: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "void" },
  TFE_OpSetAttrIntList: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrFloatList: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrBoolList: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrTypeList: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "void" },
  TFE_Execute: { parameters: ["pointer", "buffer", "buffer", "pointer"], result: "void" },
  // Recording
  TFE_OpGetAttrs: { parameters: ["pointer"], result: "pointer" },
  TFE_OpAttrsSerialize: { parameters: ["pointer", "pointer", "pointer"], result: "void" },
  TFE_ContextAddFunction: { parameters: ["pointer", "pointer", "pointer"], result: "void" },
  TFE_ContextRemoveFunction: { parameters: ["pointer", "buffer", "pointer"], result: "void" },
  TF_NewGraph: { parameters: [], result: "pointer" },
  TF_DeleteGraph: { parameters: ["pointer"], result: "void" },
  TF_NewImportGraphDefOptions: { parameters: [], result: "pointer" },
  TF_ImportGraphDefOptionsAddInputMapping: {
    parameters: ["pointer", "buffer", "i32", OUTPUT],
    result: "void",
  },
  TF_DeleteImportGraphDefOptions: { parameters: ["pointer"], result: "void" },
  TF_GraphImportGraphDef: { parameters: ["pointer", "buffer", "pointer", "pointer"], result: "void" },
  TF_GraphOperationByName: { parameters: ["pointer", "buffer"], result: "pointer" },
  TF_OperationNumOutputs: { parameters: ["pointer"], result: "i32" },
  TF_OperationOutputType: { parameters: [OUTPUT], result: "i32" },
  TF_GraphGetTensorNumDims: { parameters: ["pointer", OUTPUT, "pointer"], result: "i32" },
  TF_GraphGetTensorShape: { parameters: ["pointer", OUTPUT, "buffer", "i32", "pointer"], result: "void" },
  TF_GraphToFunction: {
    parameters: [
      ...["pointer", "buffer", "u8", "i32", "pointer", "i32", "buffer", "i32", "buffer"] as const,
      ...["pointer", "pointer", "pointer", "pointer"] as const,
    ],
    result: "pointer",
  },
  TF_DeleteFunction: { parameters: ["pointer"], result: "void" },
} as const;

/** The opened library's functions. */
export type TensorFlowSymbols = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];
