public import EngineSupport

/// What an importer saw, before anything is checked: every drawn box and line with its place.
public struct ArchitectureDraft: Sendable {
  /// The document's name, as in its `InputDocument`.
  public var document: String
  public var pages: [DrawnPage]
  public var shapes: [DrawnShape]
  public var lines: [DrawnLine]

  public init(
    document: String, pages: [DrawnPage], shapes: [DrawnShape], lines: [DrawnLine]
  ) {
    self.document = document
    self.pages = pages
    self.shapes = shapes
    self.lines = lines
  }
}

public struct DrawnPage: Sendable, Hashable {
  public var id: String
  public var name: String

  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}

/// The address of a drawn element: unique within one document.
public struct DrawnID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var page: String
  public var cell: String

  public init(page: String, cell: String) {
    self.page = page
    self.cell = cell
  }

  public static func < (left: DrawnID, right: DrawnID) -> Bool {
    (left.page, left.cell) < (right.page, right.cell)
  }

  public var description: String { "\(page)/\(cell)" }
}

/// A rectangle in page coordinates (pixels of the drawing tool), y downward.
public struct DrawnBounds: Sendable, Hashable {
  public var x, y, width, height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

/// A box, icon or container.
public struct DrawnShape: Sendable {
  /// How the shape came to lie inside its container.
  public enum Containment: String, Sendable, Hashable {
    /// The drawing tool stores it as the container's child.
    case parent
    /// It only lies inside the container's rectangle.
    case geometry
  }

  public var id: DrawnID
  /// Plain text of the label: HTML and entities decoded, white space collapsed to single blanks.
  public var label: String
  /// Custom attributes (draw.io "Edit Data"), without the tool's own, in source order.
  public var attributes: [DrawnAttribute]
  /// The drawing tool's shape name, such as `cylinder3` or `mxgraph.networks.router`; may be empty.
  public var shapeName: String
  public var container: DrawnID?
  public var containment: Containment?
  /// Whether other shapes lie in it: a zone candidate.
  public var isContainer: Bool
  public var bounds: DrawnBounds?
  /// Further cells that show the same thing (same label and kind on other pages), in document order.
  public var alsoDrawnAs: [DrawnID]
  public var location: SourceLocation
  /// Canonical bytes of the source element: what evidence hashes when it cites this shape.
  public var source: [UInt8]

  public init(
    id: DrawnID, label: String, attributes: [DrawnAttribute], shapeName: String,
    container: DrawnID?, containment: Containment?, isContainer: Bool, bounds: DrawnBounds?,
    alsoDrawnAs: [DrawnID], location: SourceLocation, source: [UInt8]
  ) {
    self.id = id
    self.label = label
    self.attributes = attributes
    self.shapeName = shapeName
    self.container = container
    self.containment = containment
    self.isContainer = isContainer
    self.bounds = bounds
    self.alsoDrawnAs = alsoDrawnAs
    self.location = location
    self.source = source
  }
}

public struct DrawnAttribute: Sendable, Hashable {
  public var name: String
  public var value: String

  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// A connector between two shapes; an end that is not attached to a shape is `nil`.
public struct DrawnLine: Sendable {
  public var id: DrawnID
  /// The line's own label and those of its label cells, joined with one blank.
  public var label: String
  public var attributes: [DrawnAttribute]
  public var source: DrawnID?
  public var target: DrawnID?
  /// Whether an arrow head stands at the source end too.
  public var isBidirectional: Bool
  public var location: SourceLocation
  /// Canonical bytes of the source element and of its label cells.
  public var sourceBytes: [UInt8]

  public init(
    id: DrawnID, label: String, attributes: [DrawnAttribute], source: DrawnID?, target: DrawnID?,
    isBidirectional: Bool, location: SourceLocation, sourceBytes: [UInt8]
  ) {
    self.id = id
    self.label = label
    self.attributes = attributes
    self.source = source
    self.target = target
    self.isBidirectional = isBidirectional
    self.location = location
    self.sourceBytes = sourceBytes
  }
}
