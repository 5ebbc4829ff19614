/// Whether two results have the same bits, where one NaN is as good as another: the measure of the kernels' laws.
func areSame<S: BinaryFloatingPoint>(_ left: [S], _ right: [S]) -> Bool {
  left.count == right.count
    && zip(left, right).allSatisfy { a, b in
      a == b ? a.sign == b.sign : a.isNaN && b.isNaN
    }
}
