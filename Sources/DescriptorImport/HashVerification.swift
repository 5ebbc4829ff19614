public import EngineSupport

/// A file that the caller has read and hashed, and the component it belongs to if the caller knows.
public struct MeasuredFile: Hashable, Sendable {
  /// The name as the product file gives it, with `/`.
  public var file: String
  public var digest: ContentDigest
  /// A `bom-ref` or a component name; where `nil`, a file belongs to the component of the same name, or to
  /// the one with an external reference that ends in its last path component.
  public var component: String?

  public init(file: String, digest: ContentDigest, component: String? = nil) {
    self.file = file
    self.digest = digest
    self.component = component
  }
}

/// The declared hashes of a lineage held against the files the engine really reads.
///
/// SHA-256 is verified; other algorithms are kept and said to be unverified. A mismatch means that the
/// descriptor speaks about other bytes than those under test.
public struct HashVerification: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    case verified(file: String)
    case mismatch(declared: ContentDigest, measured: ContentDigest, file: String)
    case notVerified(reason: String)
    /// Not as many hexadecimal digits as the algorithm gives.
    case malformed(reason: String)
  }

  public enum Subject: String, Hashable, Sendable {
    case model
    case dataSet = "data set"
  }

  public struct Check: Hashable, Sendable {
    public var subject: Subject
    /// The component's name, for people.
    public var component: String
    public var hash: DeclaredHash
    public var outcome: Outcome
    /// Where the declared digest stands.
    public var location: SourceLocation { hash.content.location }
  }

  /// One for each declared hash of models and data sets, in document order.
  public private(set) var checks: [Check] = []
  /// Files given that no component of the descriptor answers for, in the order given.
  public private(set) var undeclared: [MeasuredFile] = []

  public init(of lineage: Lineage, against files: [MeasuredFile]) {
    var answered: Set<Int> = []
    for model in lineage.models {
      check(
        .model, model.name.value, [model.reference?.value, model.name.value], model.hashes,
        model.externalReferences, files, &answered)
    }
    for dataSet in lineage.dataSets {
      check(
        .dataSet, dataSet.title, [dataSet.reference?.value, dataSet.name?.value], dataSet.hashes,
        dataSet.externalReferences, files, &answered)
    }
    undeclared = files.indices.filter { !answered.contains($0) }.map { files[$0] }
  }

  public var mismatches: [Check] {
    checks.filter { if case .mismatch = $0.outcome { true } else { false } }
  }

  private mutating func check(
    _ subject: Subject, _ title: String, _ names: [String?], _ hashes: [DeclaredHash],
    _ references: [ExternalReference], _ files: [MeasuredFile], _ answered: inout Set<Int>
  ) {
    let addresses = references.map { Self.lastComponent($0.address.value) }
    let own = files.indices.filter { index in
      if let component = files[index].component { return names.contains(component) }
      let last = Self.lastComponent(files[index].file)
      return names.contains(files[index].file) || names.contains(String(last))
        || addresses.contains(last)
    }
    if !hashes.isEmpty { answered.formUnion(own) }
    for hash in hashes {
      checks.append(
        Check(
          subject: subject, component: title, hash: hash,
          outcome: Self.outcome(of: hash, among: own.map { files[$0] })))
    }
    for reference in references where !reference.hashes.isEmpty {
      let last = Self.lastComponent(reference.address.value)
      let matching = files.indices.filter { index in
        Self.lastComponent(files[index].file) == last
          && (files[index].component == nil || own.contains(index))
      }
      answered.formUnion(matching)
      for hash in reference.hashes {
        checks.append(
          Check(
            subject: subject, component: title, hash: hash,
            outcome: Self.outcome(of: hash, among: matching.map { files[$0] })))
      }
    }
  }

  private static func outcome(of hash: DeclaredHash, among files: [MeasuredFile]) -> Outcome {
    let name = hash.algorithm.value
    guard let digits = HashAlgorithm.digits(of: name) else {
      return .notVerified(reason: "the algorithm \(name) is not known")
    }
    let content = hash.content.value.utf8
    guard content.count == digits,
      content.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit })
    else {
      return .malformed(reason: "a \(name) digest has \(digits) hexadecimal digits")
    }
    guard name == "SHA-256", let declared = ContentDigest(hexadecimal: hash.content.value) else {
      return .notVerified(reason: "\(name) is kept, only SHA-256 is verified")
    }
    if let same = files.first(where: { $0.digest == declared }) {
      return .verified(file: same.file)
    }
    guard let first = files.first else {
      return .notVerified(reason: "no file was given for it")
    }
    return .mismatch(declared: declared, measured: first.digest, file: first.file)
  }

  private static func lastComponent(_ path: String) -> Substring {
    path.split(separator: "/", omittingEmptySubsequences: true).last ?? ""
  }
}
