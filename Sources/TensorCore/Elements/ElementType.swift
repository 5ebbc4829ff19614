/// The kinds of values a tensor can hold, by the names ONNX gives them.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case float, double, float16, bfloat16
  case float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case int4, uint4
  case bool, string
}
