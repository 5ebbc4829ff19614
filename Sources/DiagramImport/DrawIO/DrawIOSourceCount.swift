import XMLDocuments

/// Counts a tree's cells and unknown elements straight from the element names, for the ledger to be
/// checked against; knows nothing of how pages and cells are read.
extension ImportLedger.SourceCount {
  mutating func add(_ tree: XMLTree) {
    for element in tree.elements {
      switch element.name {
      case "mxCell":
        cells += 1
        if element["edge"] == "1" {
          markedEdges += 1
        } else if element["vertex"] == "1" {
          markedVertices += 1
        }
      case "object", "UserObject": objects += 1
      default:
        if !DrawIOVocabulary.elements.contains(element.name) { unknownElements += 1 }
      }
    }
  }
}
