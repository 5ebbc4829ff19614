import ArgumentParser
import Foundation
import TensorCore

/// `bartizan-benchmarks sgemm`: times the product of two square matrices of `Float` on one thread, so that a peer's
/// product of the same matrices can be compared in answers and time.
struct ProductCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sgemm",
    abstract: "Time the product of two square matrices of Float on one thread.",
    discussion: """
      With --serve the program reads lines from standard input: "run N" times N products and answers with the \
      least number of seconds, "answer" with the product as numbers.
      """)

  @Option(help: "Rows and columns of each matrix.") var size = 1_024
  @Option(help: "The kernels' path: fastest, avx512, avx2, neon or portable.") var path = "fastest"
  @Option(help: "Products to time; the least time is printed.") var runs = 20
  @Flag(help: "Answer a peer's questions instead.") var serve = false

  func validate() throws {
    guard (1...8_192).contains(size), runs >= 1 else {
      throw ValidationError("--size is 1 to 8192 and --runs at least 1")
    }
    _ = try kernelPath()
  }

  private func kernelPath() throws -> KernelPath {
    guard let known = KernelPath(rawValue: path), known.isAvailable else {
      throw ValidationError("this processor has no path \(path)")
    }
    return known
  }

  func run() throws {
    let path = try kernelPath()
    var product = Product(size: size, path: path)
    guard serve else {
      let seconds = product.least(of: runs)
      let speed = 2 * Double(size) * Double(size) * Double(size) / seconds / 1e9
      print(
        "\(path.resolved.rawValue) \(size): \(String(format: "%.6f s, %.1f GFLOP/s", seconds, speed))"
      )
      return
    }
    while let line = readLine() {
      let words = line.split(separator: " ")
      if words.first == "run", words.count == 2, let count = Int(words[1]), count >= 1 {
        answer(String(product.least(of: count)))
      } else if line == "answer" {
        answer(product.result.map { String($0) }.joined(separator: " "))
      } else {
        throw ValidationError("unknown question: \(line)")
      }
    }
  }

  /// One line, at once: the peer waits for it.
  private func answer(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

  /// Two matrices whose elements the peer computes as well: element i of A is (37·i mod 101 − 50) / 61, of B
  /// (53·i mod 103 − 51) / 61, rounded once.
  private struct Product {
    let size: Int
    let path: KernelPath
    let left, right: [Float]
    var result: [Float]

    init(size: Int, path: KernelPath) {
      (self.size, self.path) = (size, path)
      left = (0..<size * size).map { Float(Double($0 * 37 % 101 - 50) / 61) }
      right = (0..<size * size).map { Float(Double($0 * 53 % 103 - 51) / 61) }
      result = [Float](repeating: 0, count: size * size)
    }

    mutating func least(of runs: Int) -> Double {
      let kernels = Kernels<Float>(path)
      let layout = MatrixLayout(rowStride: size)
      var least = Double.infinity
      for _ in 0..<runs {
        let start = ContinuousClock.now
        unsafe left.withUnsafeBufferPointer { a in
          unsafe right.withUnsafeBufferPointer { b in
            unsafe result.withUnsafeMutableBufferPointer { c in
              unsafe kernels.product(
                rows: size, columns: size, depth: size, of: a, layout, and: b, layout, to: c,
                layout, from: .zero)
            }
          }
        }
        let elapsed = (ContinuousClock.now - start).components
        least = min(least, Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
      }
      return least
    }
  }
}
