/// An XML document as a flat list of elements in document order: element 0 is the root.
///
/// The descendants of element `i` are the elements `i + 1 ..< elements[i].subtreeEnd`.
package struct XMLTree: Sendable {
  package var elements: [XMLElement]

  package subscript(index: Int) -> XMLElement { elements[index] }

  package var root: XMLElement { elements[0] }

  package init(elements: [XMLElement]) { self.elements = elements }

  /// The first child of `index` with this name.
  package func child(of index: Int, named name: String) -> Int? {
    elements[index].children.first { elements[$0].name == name }
  }
}

/// One element with its attributes, its own text and the place of its start tag.
package struct XMLElement: Sendable {
  /// The local name; `{namespace}local` when the element stands in a namespace.
  package var name: String
  package var attributes: [XMLAttribute]
  /// Character data directly inside the element, all pieces joined; empty when it is only white space.
  package var text = ""
  package var parent: Int?
  package var children: [Int] = []
  package var subtreeEnd: Int
  /// Line and column of the `<`, both from 1; the column counts bytes.
  package var line: Int
  package var column: Int

  package subscript(name: String) -> String? {
    for attribute in attributes where attribute.name == name { return attribute.value }
    return nil
  }
}

package struct XMLAttribute: Sendable, Hashable {
  /// The local name; `{namespace}local` when the attribute stands in a namespace.
  package var name: String
  package var value: String
}
