/// The hash algorithms a CycloneDX document may name, with the length of their digests.
enum HashAlgorithm {
  /// Hexadecimal digits in a digest; `nil` for a name that is not in the standard's list.
  static func digits(of name: String) -> Int? {
    switch name {
    case "MD5": 32
    case "SHA-1": 40
    case "SHA-256", "SHA3-256", "BLAKE2b-256", "BLAKE3", "Streebog-256": 64
    case "SHA-384", "SHA3-384", "BLAKE2b-384": 96
    case "SHA-512", "SHA3-512", "BLAKE2b-512", "Streebog-512": 128
    default: nil
    }
  }
}
