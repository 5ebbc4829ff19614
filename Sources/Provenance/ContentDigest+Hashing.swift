import Crypto
public import EngineSupport

extension ContentDigest {
  /// SHA-256 (FIPS 180-4) of `bytes`.
  public init(of bytes: some Sequence<UInt8>) {
    self = Self.digest(SHA256.hash(data: Array(bytes)))
  }

  static func digest(_ digest: SHA256.Digest) -> ContentDigest {
    guard let value = ContentDigest(bytes: Array(digest)) else {
      preconditionFailure("a SHA-256 digest has 32 bytes")
    }
    return value
  }
}
