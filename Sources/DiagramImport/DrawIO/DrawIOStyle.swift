/// A draw.io style: `key=value;` pairs that may begin with the bare name of a stencil.
struct DrawIOStyle: Sendable {
  /// The bare name at the beginning, such as `ellipse`, `text` or `group`; empty if there is none.
  let stencil: String
  /// The last value of each key wins, as in the drawing tool.
  private let values: [String: String]

  init(_ text: String) {
    var stencil = ""
    var values: [String: String] = [:]
    for (index, part) in text.utf8.split(separator: UInt8(ascii: ";")).enumerated() {
      if let equals = part.firstIndex(of: UInt8(ascii: "=")) {
        let key = String(decoding: part[..<equals], as: UTF8.self)
        values[key] = String(decoding: part[part.index(after: equals)...], as: UTF8.self)
      } else if index == 0 {
        stencil = String(decoding: part, as: UTF8.self)
      }
    }
    self.stencil = stencil
    self.values = values
  }

  subscript(key: String) -> String? { values[key] }

  var isHTML: Bool { values["html"] == "1" }
  var isText: Bool { stencil == "text" || values["shape"] == "text" }
  var isGroup: Bool { stencil == "group" }

  /// The most telling name: a vendor icon, else the shape, else a picture of the tool's library, else
  /// the bare stencil. Empty for a plain rectangle.
  var shapeName: String {
    for key in ["resIcon", "grIcon", "prIcon"] {
      if let name = values[key], !name.isEmpty, name != "none" { return name }
    }
    if let shape = values["shape"], !shape.isEmpty, shape != "image" { return shape }
    if let image = values["image"], !image.isEmpty {
      return image.hasPrefix("data:") || image.contains("://") ? "image" : image
    }
    return values["shape"] ?? stencil
  }

  /// The tool lets other shapes be dropped into it, or it looks like a group of a vendor's icon set.
  var isExplicitContainer: Bool {
    if values["container"] == "1" || values["swimlane"] == "1" { return true }
    let name = shapeName
    return stencil == "swimlane" || name == "swimlane" || name.hasSuffix(".group")
      || name.contains(".group_") || name == "pool" || name == "table"
  }

  /// A rectangle (rounded or not) as people draw zones with.
  var isPlainRectangle: Bool {
    guard values["image"] == nil else { return false }
    let name = shapeName
    return name.isEmpty || name == "rounded" || name == "rect" || name == "rectangle"
  }

  private static let arrowHeads: Set<String> = [
    "classic", "classicThin", "block", "blockThin", "open", "openThin", "async", "openAsync",
    "doubleBlock",
  ]

  /// Which ends carry an arrow head; the tool's default is one at the end.
  var arrowHeads: (start: Bool, end: Bool) {
    (
      values["startArrow"].map { Self.arrowHeads.contains($0) } ?? false,
      values["endArrow"].map { Self.arrowHeads.contains($0) } ?? true
    )
  }
}
