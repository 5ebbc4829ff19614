public import EngineSupport
import ZipArchives

/// The arrays of an `.npz` archive by name: how evaluation data reaches the engine.
///
/// An `.npz` is a zip archive of `.npy` members, stored (`numpy.savez`) or deflated
/// (`numpy.savez_compressed`).
public struct NumPyArchive: Sendable {
  /// What an archive may take up once it is inflated; more is refused before it is held in memory.
  public struct Limits: Sendable, Hashable {
    public var memberBytes: Int
    public var totalBytes: Int
    public var memberCount: Int

    public init(
      memberBytes: Int = 256 << 20, totalBytes: Int = 1 << 30, memberCount: Int = 1_000
    ) {
      self.memberBytes = memberBytes
      self.totalBytes = totalBytes
      self.memberCount = memberCount
    }
  }

  /// In the archive's order; names are unique.
  public let arrays: [NumPyArray]
  /// The archive as a whole.
  public let location: SourceLocation

  /// Reads every array of the archive.
  ///
  /// Throws `numpy.archive.malformed`, `numpy.archive.limit`, or what reading a `.npy` member throws with
  /// the member's name as the path.
  public init(reading document: InputDocument) throws(Diagnostic) {
    try self.init(reading: document, limits: Limits())
  }

  public init(reading document: InputDocument, limits: Limits) throws(Diagnostic) {
    location = SourceLocation(document: document.name)
    var arrays: [NumPyArray] = []
    var names: Set<String> = []
    let zipLimits = ZipLimits(
      memberBytes: limits.memberBytes, totalBytes: limits.totalBytes,
      memberCount: limits.memberCount)
    try ZipMembers.read(document, limits: zipLimits, code: "numpy.archive") {
      (member, bytes) throws(Diagnostic) in
      let place = SourceLocation(document: document.name, path: member)
      guard member.hasSuffix(".npy"), member.utf8.count > 4 else {
        throw Diagnostic(
          "numpy.archive.malformed", "the member \"\(member)\" is not an array (.npy)", at: place)
      }
      let name = String(member.dropLast(4))
      guard names.insert(name).inserted else {
        throw Diagnostic(
          "numpy.archive.malformed", "the array \"\(name)\" stands twice", at: place)
      }
      arrays.append(try NumPyArray(name: name, bytes: bytes, location: place))
    }
    self.arrays = arrays
  }

  public subscript(name: String) -> NumPyArray? { arrays.first { $0.name == name } }

  /// The array of that name, or `numpy.array.missing` with the names there are.
  public func array(named name: String) throws(Diagnostic) -> NumPyArray {
    guard let array = self[name] else {
      let known = arrays.map(\.name).joined(separator: ", ")
      throw Diagnostic(
        "numpy.array.missing", "there is no array \"\(name)\"", at: location,
        hint: arrays.isEmpty ? "the archive is empty" : "the archive holds: \(known)")
    }
    return array
  }
}
