import Foundation
import FoundationXML
import Testing

/// Collects what a page is made of.
final class PageInspector: NSObject, XMLParserDelegate {
  static let allowedElements: Set<String> = [
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section",
    "h1", "h2", "h3", "h4", "p", "a", "em", "strong", "span", "div", "code", "ol", "ul", "li", "dl",
    "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption",
    "svg", "desc", "g", "path", "rect", "circle", "text",
  ]
  static let allowedAttributes: Set<String> = [
    "lang", "charset", "http-equiv", "content", "name", "id", "class", "href", "scope",
    "aria-label", "aria-labelledby", "role", "viewBox", "width", "height", "font-family",
    "font-size", "font-weight", "text-anchor", "fill", "stroke", "stroke-width",
    "stroke-dasharray", "x", "y", "rx", "cx", "cy", "r", "d", "transform", "shape-rendering",
  ]

  var elements: Set<String> = []
  var attributes: Set<String> = []
  var ids: Set<String> = []
  var repeatedIDs: [String] = []
  var links: [String] = []
  var tables = 0
  var captions = 0

  var pictures = 0
  private var titles = 0
  private var descriptions = 0
  private var labels: [String] = []

  /// Pictures without a title, a description, or a label that leads to both.
  var unnamedPictures: Int {
    let loose = labels.filter { label in
      label.split(separator: " ").contains { !ids.contains(String($0)) }
    }
    return max(pictures - titles, pictures - descriptions, loose.count)
  }

  var danglingLinks: [String] {
    links.filter { !$0.hasPrefix("#") || !ids.contains(String($0.dropFirst())) }
  }
  var unlabelledTables: Int { tables - captions }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes attributeDict: [String: String]
  ) {
    elements.insert(name)
    attributes.formUnion(attributeDict.keys)
    if let id = attributeDict["id"], !ids.insert(id).inserted { repeatedIDs.append(id) }
    if let link = attributeDict["href"] { links.append(link) }
    if name == "table" { tables += 1 }
    if name == "caption" { captions += 1 }
    if name == "svg" {
      pictures += 1
      labels.append(attributeDict["aria-labelledby"] ?? "none")
    }
    if name == "title", attributeDict["id"] != nil { titles += 1 }
    if name == "desc" { descriptions += 1 }
  }
}

extension PageInspector {
  /// Well-formed, with the elements and attributes of our own vocabulary only.
  static func check(_ page: String) throws -> PageInspector {
    let parser = XMLParser(data: Data(page.dropFirst("<!DOCTYPE html>\n".count).utf8))
    let inspector = PageInspector()
    parser.delegate = inspector
    #expect(parser.parse(), "\(String(describing: parser.parserError)) line \(parser.lineNumber)")
    #expect(inspector.elements.isSubset(of: Self.allowedElements))
    #expect(inspector.attributes.isSubset(of: Self.allowedAttributes))
    #expect(inspector.repeatedIDs.isEmpty)
    #expect(inspector.danglingLinks.isEmpty)
    #expect(inspector.unlabelledTables == 0)
    #expect(inspector.unnamedPictures == 0)
    for scalar in page.unicodeScalars where scalar.value < 0x20 {
      #expect(scalar == "\n" || scalar == "\t")
    }
    for mark: Unicode.Scalar in ["\u{202E}", "\u{200F}", "\u{2066}"] {
      #expect(!page.unicodeScalars.contains(mark))
    }
    return inspector
  }
}
