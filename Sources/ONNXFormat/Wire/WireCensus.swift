import EngineSupport

/// Counts the records of an ONNX file before it is decoded: two bytes can announce an empty node, and a
/// decoded node takes a hundred times as much memory.
///
/// Walks the wire format (Protocol Buffers encoding: tag, then varint, 8 bytes, length and bytes, or
/// 4 bytes) into the messages that can be many. What is malformed ends the walk without a word: the
/// decoder, which comes next, says what is wrong.
struct WireCensus {
  /// The messages that are walked into; all others are skipped by their length.
  private enum Message {
    case model, function, graph, node, attribute, tensor, sparse, valueInfo, type, tensorType,
      shape, leaf

    /// What the length-delimited field `number` holds, and whether each occurrence is a record.
    func field(_ number: UInt64) -> Message? {
      switch (self, number) {
      case (.model, 7): .graph
      case (.model, 8), (.model, 14), (.model, 20): .leaf
      case (.model, 25): .function
      case (.function, 7): .node
      case (.function, 11): .attribute
      case (.function, 4), (.function, 5), (.function, 6), (.function, 9): .leaf
      case (.graph, 1): .node
      case (.graph, 5): .tensor
      case (.graph, 11), (.graph, 12): .valueInfo
      case (.graph, 15): .sparse
      case (.node, 5): .attribute
      case (.node, 1), (.node, 2): .leaf
      case (.attribute, 5): .tensor
      case (.attribute, 6): .graph
      case (.attribute, 22): .sparse
      case (.attribute, 9): .leaf
      case (.tensor, 3), (.tensor, 6), (.tensor, 13): .leaf
      case (.sparse, 1), (.sparse, 2): .tensor
      case (.valueInfo, 2): .type
      case (.type, 1): .tensorType
      case (.tensorType, 2): .shape
      case (.shape, 1): .leaf
      default: nil
      }
    }
  }

  private let bytes: [UInt8]
  private let limit: Int
  private var position = 0
  private var count = 0

  init(bytes: [UInt8], limit: Int) {
    self.bytes = bytes
    self.limit = limit
  }

  mutating func check(at location: SourceLocation) throws(Diagnostic) {
    _ = walk(.model, to: bytes.count, depth: 0)
    guard count <= limit else {
      throw Diagnostic(
        "onnx.limit", "more than \(limit) nodes, values and attributes", at: location)
    }
  }

  /// `false` where the walk must end; deeper than the decoder goes there is nothing to count.
  private mutating func walk(_ message: Message, to end: Int, depth: Int) -> Bool {
    guard depth <= ONNXModel.messageDepthLimit else { return false }
    while position < end {
      guard let tag = varint(before: end) else { return false }
      switch tag & 7 {
      case 0: guard varint(before: end) != nil else { return false }
      case 1: guard skip(8, before: end) else { return false }
      case 2:
        guard let length = varint(before: end), length <= UInt64(end - position) else {
          return false
        }
        let fieldEnd = position + Int(length)
        if let field = message.field(tag >> 3) {
          count += 1
          guard count <= limit else { return false }
          if field != .leaf {
            guard walk(field, to: fieldEnd, depth: depth + 1) else { return false }
          }
        }
        position = fieldEnd
      case 5: guard skip(4, before: end) else { return false }
      default: return false
      }
    }
    return true
  }

  private mutating func skip(_ length: Int, before end: Int) -> Bool {
    guard length <= end - position else { return false }
    position += length
    return true
  }

  private mutating func varint(before end: Int) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else { return nil }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
