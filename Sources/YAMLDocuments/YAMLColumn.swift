/// Columns of YAML as editors count them.
package enum YAMLColumn {
  /// The column in bytes of UTF-8, from 1, for a line and a column that libyaml gives: it counts Unicode scalars
  /// and knows more line ends than editors do. Linear in the document.
  package static func inBytes(of bytes: [UInt8], line wanted: Int, column: Int) -> Int {
    guard column > 1 else { return column }
    var line = 1
    var position = 0
    while line < wanted, position < bytes.count {
      switch bytes[position] {
      case 0x0A: line += 1
      case 0x0D where position + 1 == bytes.count || bytes[position + 1] != 0x0A: line += 1
      // U+0085, U+2028 and U+2029 end lines in YAML 1.1.
      case 0x85 where position > 0 && bytes[position - 1] == 0xC2: line += 1
      case 0xA8, 0xA9:
        if position > 1, bytes[position - 1] == 0x80, bytes[position - 2] == 0xE2 { line += 1 }
      default: break
      }
      position += 1
    }
    let start = position
    var scalars = 1
    while scalars < column, position < bytes.count {
      position += 1
      while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
      scalars += 1
    }
    return position - start + 1
  }
}
