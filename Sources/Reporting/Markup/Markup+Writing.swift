/// Writes the tree as bytes: one place where escaping happens, and where a percent sign is bound to its number.
extension Markup {
  private static let voidElements: Set<String> = ["br", "meta", "hr", "col"]

  func write(to output: inout [UInt8]) { write(to: &output, isCode: false) }

  private func write(to output: inout [UInt8], isCode: Bool) {
    switch self {
    case .text(let text): Self.escape(isCode ? text : Typography.unbroken(text), to: &output)
    case .group(let members): for member in members { member.write(to: &output, isCode: isCode) }
    case .style(let text):
      output.append(contentsOf: "<style>".utf8)
      output.append(contentsOf: text.utf8)
      output.append(contentsOf: "</style>".utf8)
    case .element(let name, let attributes, let content):
      output.append(UInt8(ascii: "<"))
      output.append(contentsOf: name.utf8)
      for attribute in attributes {
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: attribute.name.utf8)
        output.append(contentsOf: "=\"".utf8)
        Self.escape(attribute.value, to: &output)
        output.append(UInt8(ascii: "\""))
      }
      if Self.voidElements.contains(name) {
        output.append(contentsOf: "/>".utf8)
        return
      }
      output.append(UInt8(ascii: ">"))
      for member in content { member.write(to: &output, isCode: isCode || name == "code") }
      output.append(contentsOf: "</".utf8)
      output.append(contentsOf: name.utf8)
      output.append(contentsOf: ">".utf8)
      if Self.endsLine.contains(name) { output.append(UInt8(ascii: "\n")) }
    }
  }

  /// Elements after which white space means nothing: a line feed keeps the file fit for `diff`.
  private static let endsLine: Set<String> = [
    "body", "caption", "div", "figure", "footer", "g", "h1", "h2", "h3", "h4", "head", "header",
    "li", "main", "nav", "ol", "p", "path", "rect", "section", "svg", "table", "tbody", "thead",
    "title", "tr", "ul",
  ]

  private static func escape(_ text: String, to output: inout [UInt8]) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output.append(contentsOf: "&amp;".utf8)
      case "<": output.append(contentsOf: "&lt;".utf8)
      case ">": output.append(contentsOf: "&gt;".utf8)
      case "\"": output.append(contentsOf: "&quot;".utf8)
      case "'": output.append(contentsOf: "&#39;".utf8)
      case "\n", "\t": output.append(UInt8(ascii: scalar))
      default:
        if isHidden(scalar) {
          output.append(contentsOf: "[U+".utf8)
          let digits = String(scalar.value, radix: 16, uppercase: true)
          output.append(
            contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - min(4, digits.utf8.count)))
          output.append(contentsOf: digits.utf8)
          output.append(UInt8(ascii: "]"))
        } else {
          output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
      }
    }
  }

  /// Characters that XML forbids, or that change what a reader sees without being seen: controls, the
  /// marks that turn the direction of writing, and noncharacters. They are shown by their number.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F: true
    case 0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF:
      true
    case 0xFDD0...0xFDEF: true
    case 0xE0000...0xE007F: true
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }
}
