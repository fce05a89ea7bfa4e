#include <algorithm>

#include "base/generated/calls.h"

namespace fl::calls {

template <class T>
void run(const Repeat<T>& call) {
  for (int64_t n = 0; n < call.count; ++n) std::copy_n(call.row, call.size, call.out + n * call.size);
}
template void run(const Repeat<float>&);
template void run(const Repeat<double>&);

}  // namespace fl::calls
