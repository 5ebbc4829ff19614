import EngineSupport

/// The fields of a protocol buffer as a tree, so that mutations can be aware of its structure: a number, a
/// name, a shape, a sub-graph is changed and all lengths around it follow.
struct WireMutation {
  indirect enum Field {
    case varint(UInt64, UInt64)
    case fixed(UInt64, [UInt8])
    case bytes(UInt64, [UInt8])
    case message(UInt64, [Field])
  }

  /// nil where the bytes are not a message. What reads as a message is taken for one, up to a depth.
  static func parse(_ bytes: ArraySlice<UInt8>, depth: Int = 0) -> [Field]? {
    var fields: [Field] = []
    var position = bytes.startIndex
    func varint() -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 7) {
        guard position < bytes.endIndex else { return nil }
        let byte = bytes[position]
        position += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
      }
      return nil
    }
    while position < bytes.endIndex {
      guard let tag = varint(), tag >> 3 > 0, tag >> 3 < 100 else { return nil }
      switch tag & 7 {
      case 0:
        guard let value = varint() else { return nil }
        fields.append(.varint(tag, value))
      case 1, 5:
        let size = tag & 7 == 1 ? 8 : 4
        guard size <= bytes.endIndex - position else { return nil }
        fields.append(.fixed(tag, Array(bytes[position..<position + size])))
        position += size
      case 2:
        guard let length = varint(), length <= UInt64(bytes.endIndex - position) else { return nil }
        let part = bytes[position..<position + Int(length)]
        position += Int(length)
        if depth < 12, !part.isEmpty, let inner = parse(part, depth: depth + 1) {
          fields.append(.message(tag, inner))
        } else {
          fields.append(.bytes(tag, Array(part)))
        }
      default: return nil
      }
    }
    return fields
  }

  static func serialized(_ fields: [Field]) -> [UInt8] {
    var bytes: [UInt8] = []
    func append(_ number: UInt64) {
      var rest = number
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
    for field in fields {
      switch field {
      case .varint(let tag, let value):
        append(tag)
        append(value)
      case .fixed(let tag, let part):
        append(tag)
        bytes += part
      case .bytes(let tag, let part):
        append(tag)
        append(UInt64(part.count))
        bytes += part
      case .message(let tag, let inner):
        let part = serialized(inner)
        append(tag)
        append(UInt64(part.count))
        bytes += part
      }
    }
    return bytes
  }

  private static let numbers: [UInt64] = [
    0, 1, 2, 3, 6, 7, 8, 9, 11, 16, 22, 23, 127, 128, 1 << 20, 1 << 27, 1 << 28, 1 << 31, 1 << 33,
    1 << 62, 1 << 63, .max, .max - 1,
  ]

  /// Texts of the file: names of values, operators, attributes and domains.
  static func texts(_ fields: [Field]) -> [[UInt8]] {
    fields.flatMap { field -> [[UInt8]] in
      switch field {
      case .bytes(_, let part): part.count < 40 ? [part] : []
      case .message(_, let inner): texts(inner)
      default: []
      }
    }
  }

  /// Changes one field somewhere in the tree.
  static func mutate(_ fields: inout [Field], texts: [[UInt8]], _ random: inout SeededRandom) {
    guard !fields.isEmpty else { return }
    let place = random.index(below: fields.count)
    if case .message(let tag, var inner) = fields[place], random.index(below: 8) > 0 {
      mutate(&inner, texts: texts, &random)
      fields[place] = .message(tag, inner)
      return
    }
    switch random.index(below: 8) {
    case 0: fields.remove(at: place)
    case 1: fields.insert(fields[place], at: random.index(below: fields.count + 1))
    case 2: fields.swapAt(place, random.index(below: fields.count))
    case 3:
      // A message inside itself nests graphs, nodes and types deeper.
      if case .message(let tag, let inner) = fields[place] {
        fields[place] = .message(tag, inner + [fields[place]])
      }
    default: fields[place] = changed(fields[place], texts, &random)
    }
  }

  private static func changed(
    _ field: Field, _ texts: [[UInt8]], _ random: inout SeededRandom
  ) -> Field {
    switch field {
    case .varint(let tag, _): return .varint(tag, numbers[random.index(below: numbers.count)])
    case .fixed(let tag, let part):
      let word: [UInt8] = [[0, 0, 0xC0, 0x7F], [0, 0, 0x80, 0x7F], [0xFF, 0xFF, 0x7F, 0xFF]][
        random.index(below: 3)]
      return .fixed(tag, part.count == 4 ? word : word + word)
    case .message(let tag, let inner):
      return random.index(below: 2) == 0 ? .message(tag, []) : .bytes(tag, serialized(inner) + [9])
    case .bytes(let tag, var part):
      switch random.index(below: 4) {
      case 0: return .bytes(tag, Array(part.dropLast(1 + random.index(below: 4))))
      case 1: return .bytes(tag, part + part)
      case 2:
        if !part.isEmpty {
          part[random.index(below: part.count)] ^= UInt8(1) << UInt8(random.index(below: 8))
        }
        return .bytes(tag, part)
      default:
        return texts.isEmpty ? field : .bytes(tag, texts[random.index(below: texts.count)])
      }
    }
  }
}
