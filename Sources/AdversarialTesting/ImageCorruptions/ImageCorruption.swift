public import EngineSupport

/// A natural disturbance of an image with five degrees of severity.
///
/// Source: Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and
/// perturbations", ICLR 2019. The steps are those that its authors published for images of 32 × 32 pixels
/// (CIFAR-10-C); lengths grow and shrink with the shorter side.
public protocol ImageCorruption: Sendable {
  /// Lower-case words with hyphens; unique.
  static var name: String { get }
  /// One plain sentence.
  static var summary: String { get }
  /// What each of the five steps is, in words for the report: its parameters with their units. Pixels are those of an
  /// image whose shorter side has 32.
  static var meanings: [String] { get }

  init()

  /// Severity runs from 1 to 5. The caller cuts what comes out to 0…1.
  func corrupt(_ image: RasterImage, severity: Int, random: inout SeededRandom) -> RasterImage
}

extension ImageCorruption {
  /// The image with the corruption, cut to 0…1; severity 0 is the image itself.
  ///
  /// The stream depends on the corruption's name and not on the severity.
  public func applied(to image: RasterImage, severity: Int, random: SeededRandom) -> RasterImage {
    precondition((0...5).contains(severity), "a ladder has five steps")
    guard severity > 0 else { return image }
    var stream = random.stream(named: Self.name, 0)
    var result = corrupt(image, severity: severity, random: &stream)
    result.values = result.values.map { min(max($0, 0), 1) }
    return result
  }
}

/// One entry of a ladder of five.
func step<Value>(_ ladder: [Value], _ severity: Int) -> Value {
  ladder[min(max(severity - 1, 0), ladder.count - 1)]
}
