import ArchitectureModel
import XMLDocuments

/// The geometry of a cell as stored: relative to its parent, and for edges the loose end points.
struct DrawIOGeometry: Sendable {
  struct Point: Sendable, Hashable {
    var x, y: Double
  }

  var x, y, width, height: Double
  /// x and y are shares of the parent's size (or places along an edge), moved by `offset`.
  var isRelative: Bool
  var offset: Point
  var sourcePoint: Point?
  var targetPoint: Point?

  /// Reads the `mxGeometry` element at `index`; numbers that are not finite or beyond 10⁹ make it `nil`.
  init?(_ tree: XMLTree, at index: Int) {
    let element = tree[index]
    guard let x = Self.number(element["x"]), let y = Self.number(element["y"]),
      let width = Self.number(element["width"]), let height = Self.number(element["height"])
    else { return nil }
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    isRelative = element["relative"] == "1"
    offset = Point(x: 0, y: 0)
    for child in element.children where tree[child].name == "mxPoint" {
      guard let x = Self.number(tree[child]["x"]), let y = Self.number(tree[child]["y"]) else {
        return nil
      }
      let point = Point(x: x, y: y)
      switch tree[child]["as"] {
      case "sourcePoint": sourcePoint = point
      case "targetPoint": targetPoint = point
      case "offset": offset = point
      default: break
      }
    }
  }

  /// The rectangle on the page, given that of the parent (`nil` for a layer); `nil` without a size.
  func bounds(in parent: DrawnBounds?) -> DrawnBounds? {
    guard width >= 0, height >= 0 else { return nil }
    var left = x
    var top = y
    if isRelative {
      left = x * (parent?.width ?? 0) + offset.x
      top = y * (parent?.height ?? 0) + offset.y
    }
    let bounds = DrawnBounds(
      x: left + (parent?.x ?? 0), y: top + (parent?.y ?? 0), width: width, height: height)
    return abs(bounds.x) <= Self.limit && abs(bounds.y) <= Self.limit ? bounds : nil
  }

  private static let limit = 1e9

  private static func number(_ text: String?) -> Double? {
    guard let text, !text.isEmpty else { return 0 }
    guard let value = Double(text), value.isFinite, abs(value) <= limit else { return nil }
    return value
  }
}
