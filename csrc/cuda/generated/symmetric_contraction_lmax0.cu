// Written by codegen/symmetric_contraction_gpu.py, which says what it computes: lmax = 0.
#include "cuda/straight_line.h"
#include "cuda/symmetric_contraction_kernels.h"

#define ROW_a row
#define ROW_g row
#define ROW_o row
#define ROW_da row
#define ROW_w weight_lanes

namespace fl {
namespace lmax0 {

template <class T>
__device__ constexpr T constants[] = {
    T(2.0),
};

struct Forward {
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT w, T* FL_RESTRICT o, int row) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=ZERO;
if (OUTPUTS>>0&1) {
V t2=LOAD(w,0);
t1=t1+t2*t0;
}
// l12 = 0
V t2=t0*t0;
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t3=LOAD(w,1);
t1=t1+t3*t2;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t3=LOAD(w,2);
V t4=t3*t2;
t1=t1+t0*t4;
}
STORE(o,0,t1);
}
};

struct Backward0 {
static constexpr int weights = 3;
static constexpr bool first = true, crowded = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {0, 1, 2};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[3]) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(g,0);
V t2=ZERO;
if (OUTPUTS>>0&1) {
V t3=LOAD(w,0);
t2=t2+t3*t1;
sum[0]=sum[0]+t0*t1;
}
V t3=t0*t0;
V t4=ZERO;
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t5=LOAD(w,1);
t4=t4+t5*t1;
sum[1]=sum[1]+t1*t3;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t5=LOAD(w,2);
V t6=t5*t3;
V t7=t1;
t2=t2+t6*t7;
V t8=t0*t7;
V t9=LOAD(w,2);
t4=t4+t9*t8;
sum[2]=sum[2]+t8*t3;
}
V t5=K[0]*t4;
t2=t2+t0*t5;
STORE(da,0,t2);
}
};

struct Programs {
  static constexpr int lmax = 0;
  static constexpr __host__ __device__ int folded(int order) {
    return order == 1 ? 1 : order == 2 ? 2 : 3;
  }
  using Forward = lmax0::Forward;
  using Backward = List<Backward0>;
};

}  // namespace lmax0

FL_DEFINE_CONTRACTION(lmax0::Programs, float)
FL_DEFINE_CONTRACTION(lmax0::Programs, double)

}  // namespace fl
