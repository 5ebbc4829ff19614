import CKernels

/// Pooling over planes of images of depth 1.
extension Kernels {
  /// The greatest element under each window: NaN where there is one, −∞ where all is padding.
  ///
  /// - Parameter together: How many planes are channels that lie side by side: 1 or a multiple of 16.
  package func maximumPool(
    _ window: WindowGeometry, planes: Int, together: Int = 1, of x: UnsafeBufferPointer<S>,
    to y: UnsafeMutableBufferPointer<S>
  ) {
    check(window, planes, together)
    var code = window.code
    guard let source = unsafe x.start(holding: planes * window.inputPlane),
      let target = unsafe y.start(holding: planes * window.outputPlane)
    else { return }
    unsafe table.pointee.maximum_pool(&code, planes, together, source, target)
  }

  /// Overwrites `gradient`: each cotangent goes to the first of its window's greatest elements.
  package func maximumPoolGradient(
    _ window: WindowGeometry, planes: Int, together: Int = 1, of x: UnsafeBufferPointer<S>,
    cotangent: UnsafeBufferPointer<S>, to gradient: UnsafeMutableBufferPointer<S>
  ) {
    check(window, planes, together)
    var code = window.code
    guard let source = unsafe x.start(holding: planes * window.inputPlane),
      let target = unsafe gradient.start(holding: planes * window.inputPlane)
    else { return }
    let g = unsafe cotangent.start(holding: planes * window.outputPlane)
    unsafe table.pointee.maximum_pool_gradient(
      &code, planes, together, source, g ?? source, target)
  }

  /// Each window's sum in ascending order, divided by max(rows[y] · columns[x], 1): the elements that the
  /// average counts along each axis.
  package func averagePool(
    _ window: WindowGeometry, planes: Int, rows: [Int], columns: [Int],
    of x: UnsafeBufferPointer<S>, to y: UnsafeMutableBufferPointer<S>
  ) {
    check(window, planes, rows, columns)
    var code = window.code
    guard let target = unsafe y.start(holding: planes * window.outputPlane) else { return }
    let source = unsafe x.start(holding: planes * window.inputPlane)
    unsafe table.pointee.average_pool(
      &code, planes, rows, columns, source ?? UnsafePointer(target), target)
  }

  /// Overwrites `gradient`: each cotangent is divided once and added to the elements of its window.
  package func averagePoolGradient(
    _ window: WindowGeometry, planes: Int, rows: [Int], columns: [Int],
    cotangent: UnsafeBufferPointer<S>, to gradient: UnsafeMutableBufferPointer<S>
  ) {
    check(window, planes, rows, columns)
    var code = window.code
    guard let target = unsafe gradient.start(holding: planes * window.inputPlane) else { return }
    let g = unsafe cotangent.start(holding: planes * window.outputPlane)
    unsafe table.pointee.average_pool_gradient(
      &code, planes, rows, columns, g ?? UnsafePointer(target), target)
  }

  private func check(_ window: WindowGeometry, _ planes: Int, _ together: Int) {
    precondition(window.isPlanar && planes >= 0, "planes of depth 1")
    precondition(
      together == 1 || (together > 0 && together % ChannelOrder.lastMultiple == 0),
      "channels that fill every path's vectors")
    precondition(planes % together == 0, "whole images")
  }

  private func check(_ window: WindowGeometry, _ planes: Int, _ rows: [Int], _ columns: [Int]) {
    precondition(window.isPlanar && planes >= 0, "planes of depth 1")
    precondition(
      rows.count >= window.height.output && columns.count >= window.width.output,
      "a count for each window")
  }
}
