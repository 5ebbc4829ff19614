/// One pass over YAML before Yams sees it, for what it would take exponential time over.
///
/// Yams hashes every key of a mapping. A key may be a list or a mapping, and aliases within it may repeat
/// others that repeat others: a hundred bytes become 2³⁰ values. Keys that could be compound are refused
/// where there could be an alias, that is `*name` beside an `&name`; all are judged by characters alone, so
/// texts can be suspected wrongly, but nothing is let through.
package enum YAMLPreflight {
  /// The line of what may be a compound key in a document with what may be an alias, or `nil`.
  package static func lineOfCompoundKey(_ bytes: [UInt8]) -> Int? {
    var line = 1
    var anchors: Set<ArraySlice<UInt8>> = []
    var aliases: Set<ArraySlice<UInt8>> = []
    var suspect: Int?
    var previous = UInt8(ascii: "\n")
    for (place, byte) in bytes.enumerated() {
      switch byte {
      case 0x0A: line += 1
      case UInt8(ascii: "&"):
        // The last byte of a byte order mark may stand before the first anchor.
        guard canPrecedeToken(previous) || previous == 0xBF else { break }
        let name = name(bytes, after: place)
        if !name.isEmpty { anchors.insert(name) }
      case UInt8(ascii: "*"):
        guard canPrecedeToken(previous) else { break }
        let name = name(bytes, after: place)
        if !name.isEmpty { aliases.insert(name) }
        let end = bytes[(place + 1)...].firstIndex { !isWord($0) } ?? bytes.endIndex
        if end > place + 1, leadsToColon(bytes, end) { suspect = suspect ?? line }
      case UInt8(ascii: "?"):
        if canPrecedeToken(previous) { suspect = suspect ?? line }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if suspect == nil, leadsToColon(bytes, place + 1) { suspect = line }
      default: break
      }
      previous = byte
    }
    return anchors.isDisjoint(with: aliases) ? nil : suspect
  }

  /// What YAML takes for the name of an anchor; an alias without an anchor of its name leads nowhere.
  private static func name(_ bytes: [UInt8], after place: Int) -> ArraySlice<UInt8> {
    bytes[(place + 1)...].prefix { isWord($0) && $0 < 0x80 }
  }

  private static func leadsToColon(_ bytes: [UInt8], _ start: Int) -> Bool {
    var place = start
    // A key must end within 1,024 characters.
    while place < bytes.count, place < start + 1_024,
      bytes[place] == 0x20 || bytes[place] == 0x09
    { place += 1 }
    return place < bytes.count && bytes[place] == UInt8(ascii: ":")
  }

  /// White space (the last bytes of YAML's own line ends with it) and what opens or parts values.
  private static func canPrecedeToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D, 0x85, 0xA8, 0xA9: true
    case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"),
      UInt8(ascii: "?"):
      true
    default: false
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x5F
      || byte == 0x2D || byte >= 0x80
  }
}
