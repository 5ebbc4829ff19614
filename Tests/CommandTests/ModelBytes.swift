/// ONNX files of a few nodes, written field by field: what tests of the command need to make one.
enum ModelBytes {
  private static func varint(_ number: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func number(_ field: UInt64, _ value: Int64) -> [UInt8] {
    varint(field << 3) + varint(UInt64(bitPattern: value))
  }

  private static func bytes(_ field: UInt64, _ content: [UInt8]) -> [UInt8] {
    varint(field << 3 | 2) + varint(UInt64(content.count)) + content
  }

  private static func text(_ field: UInt64, _ content: String) -> [UInt8] {
    bytes(field, Array(content.utf8))
  }

  static func node(_ operation: String, _ inputs: [String], _ output: String) -> [UInt8] {
    inputs.flatMap { text(1, $0) } + text(2, output) + text(4, operation)
  }

  /// One axis of 64-bit integers.
  static func integers(_ name: String, _ values: [Int64]) -> [UInt8] {
    number(1, Int64(values.count)) + number(2, 7) + values.flatMap { number(7, $0) }
      + text(8, name)
  }

  /// A `Float` tensor with hardly any of the bytes it claims.
  static func tensor(_ name: String, _ shape: [Int64], claims: Bool) -> [UInt8] {
    shape.flatMap { number(1, $0) } + number(2, 1) + text(8, name)
      + bytes(9, claims ? [0, 0, 0, 0] : [])
  }

  private static func port(_ name: String) -> [UInt8] {
    let shape = bytes(1, number(1, 1))
    return text(1, name) + bytes(2, bytes(1, number(1, 1) + bytes(2, shape)))
  }

  /// Input "x" of the shape [1], output "y", operator set 17.
  static func model(nodes: [[UInt8]], constants: [[UInt8]]) -> [UInt8] {
    let graph =
      nodes.flatMap { bytes(1, $0) } + text(2, "bomb") + constants.flatMap { bytes(5, $0) }
      + bytes(11, port("x")) + bytes(12, text(1, "y"))
    return number(1, 8) + bytes(7, graph) + bytes(8, text(1, "") + number(2, 17))
  }
}
