/// The element and attribute names of draw.io files that the importer knows.
enum DrawIOVocabulary {
  /// Elements that need no ledger row of their own; `mxCell` has one, and so has any name not listed.
  static let elements: Set<String> = [
    "mxfile", "mxlibrary", "diagram", "mxGraphModel", "root", "mxCell", "object", "UserObject",
    "mxGeometry", "mxPoint", "mxRectangle", "mxImage", "Array", "Object", "add",
  ]

  static let wrappers: Set<String> = ["object", "UserObject"]

  /// Attributes of `mxCell` that are the tool's own; others are the author's.
  static let cellAttributes: Set<String> = [
    "id", "value", "style", "parent", "source", "target", "vertex", "edge", "connectable",
    "visible", "collapsed", "as",
  ]

  /// Attributes of wrappers that are the tool's own; others are the author's ("Edit Data").
  static let wrapperAttributes: Set<String> = [
    "id", "label", "placeholders", "placeholder", "link", "linkTarget", "tooltip", "tags",
    "enumerate", "enumerateValue", "as",
  ]
}
