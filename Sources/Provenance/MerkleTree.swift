public import EngineSupport

/// The hash tree of RFC 9162, section 2.1: a list of byte strings under one root, with proofs.
public struct MerkleTree: Sendable {
  /// Leaf hashes in order: SHA-256 of 0x00 and the leaf's bytes.
  public private(set) var leaves: [ContentDigest] = []

  public init() {}

  public init(leaves: some Sequence<[UInt8]>) {
    for leaf in leaves { append(leaf) }
  }

  public mutating func append(_ leaf: [UInt8]) { leaves.append(Self.hash(leaf: leaf)) }

  /// The tree head; of an empty tree SHA-256 of nothing.
  public var root: ContentDigest {
    leaves.isEmpty ? ContentDigest(of: []) : Self.root(of: leaves[...])
  }

  public static func hash(leaf: [UInt8]) -> ContentDigest { ContentDigest(of: [0] + leaf) }

  static func hash(_ left: ContentDigest, _ right: ContentDigest) -> ContentDigest {
    ContentDigest(of: [1] + left.bytes + right.bytes)
  }

  private static func root(of leaves: ArraySlice<ContentDigest>) -> ContentDigest {
    guard leaves.count > 1 else { return leaves[leaves.startIndex] }
    let middle = leaves.startIndex + split(leaves.count)
    return hash(root(of: leaves[..<middle]), root(of: leaves[middle...]))
  }

  /// The largest power of two smaller than `count`, which is at least 2.
  private static func split(_ count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }
}

extension MerkleTree {
  /// The hashes that lead from leaf `index` to the root, lowest first (RFC 9162, 2.1.3.1).
  public func inclusionProof(of index: Int) -> [ContentDigest] {
    precondition(leaves.indices.contains(index), "there is no such leaf")
    return Self.path(to: index, in: leaves[...])
  }

  private static func path(
    to index: Int, in leaves: ArraySlice<ContentDigest>
  ) -> [ContentDigest] {
    guard leaves.count > 1 else { return [] }
    let middle = leaves.startIndex + split(leaves.count)
    return index < middle
      ? path(to: index, in: leaves[..<middle]) + [root(of: leaves[middle...])]
      : path(to: index, in: leaves[middle...]) + [root(of: leaves[..<middle])]
  }

  /// Whether `proof` shows that leaf hash `leaf` stands at `index` of a tree of `count` leaves with `root`
  /// (RFC 9162, 2.1.3.2).
  public static func verifies(
    _ proof: [ContentDigest], of leaf: ContentDigest, at index: Int, count: Int,
    under root: ContentDigest
  ) -> Bool {
    guard index >= 0, index < count else { return false }
    var node = index
    var last = count - 1
    var hash = leaf
    for sibling in proof {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        hash = Self.hash(sibling, hash)
        while node & 1 == 0, node > 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        hash = Self.hash(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }
}
