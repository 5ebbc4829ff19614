import EngineSupport
import XMLDocuments

/// Canonical bytes of source elements: what evidence hashes when it cites a shape or a line.
///
/// An element is `{"attributes": {…}, "children": […], "tag": …, "text": …}`; attributes are sorted by the
/// canonical form, white space between elements and the order of attributes do not matter.
enum DrawIOCanonicalSource {
  static func bytes(of element: Int, in tree: XMLTree) -> [UInt8] {
    CanonicalJSON.bytes(of: value(of: element, in: tree))
  }

  /// `{"element": …, "labels": […]}`: a line together with the cells that carry its labels.
  static func bytes(of element: Int, labels: [Int], in tree: XMLTree) -> [UInt8] {
    CanonicalJSON.bytes(
      of: .object([
        ("element", value(of: element, in: tree)),
        ("labels", .array(labels.map { value(of: $0, in: tree) })),
      ]))
  }

  private static func value(of index: Int, in tree: XMLTree) -> JSONValue {
    let element = tree[index]
    return .object([
      ("tag", .string(element.name)),
      ("attributes", .object(element.attributes.map { ($0.name, .string($0.value)) })),
      (
        "children",
        element.children.isEmpty
          ? nil : .array(element.children.map { value(of: $0, in: tree) })
      ),
      ("text", element.text.isEmpty ? nil : .string(element.text)),
    ])
  }
}
