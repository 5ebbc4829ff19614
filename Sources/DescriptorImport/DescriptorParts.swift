/// A hash that a descriptor declares for a component or for what an external reference leads to.
public struct DeclaredHash: Hashable, Sendable {
  /// As written, such as `SHA-256`.
  public var algorithm: Located<String>
  /// As written; hexadecimal digits if it is right.
  public var content: Located<String>
}

/// A licence as the descriptor names it.
public struct DeclaredLicence: Hashable, Sendable {
  public enum Form: String, Hashable, Sendable {
    /// An SPDX identifier.
    case identifier
    /// A name outside the SPDX list.
    case name
    /// An SPDX expression.
    case expression
  }

  public var form: Form
  public var text: Located<String>
}

/// A pointer out of the document, with the hashes of what it points to.
public struct ExternalReference: Hashable, Sendable {
  public var kind: Located<String>
  public var address: Located<String>
  public var hashes: [DeclaredHash]
}

/// A name and value outside the format's own vocabulary.
public struct DescriptorProperty: Hashable, Sendable {
  public var name: Located<String>
  public var value: Located<String>?
}
