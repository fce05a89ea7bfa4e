// Written by codegen/symmetric_contraction_gpu.py, which says what it computes: lmax = 1.
#include "cuda/straight_line.h"
#include "cuda/symmetric_contraction_kernels.h"

#define ROW_a row
#define ROW_g row
#define ROW_o row
#define ROW_da row
#define ROW_w weight_lanes

namespace fl {
namespace lmax1 {

template <class T>
__device__ constexpr T constants[] = {
    T(0.5773502691896257),
    T(2.0),
    T(1.1547005383792515),
};

struct Forward {
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT w, T* FL_RESTRICT o, int row) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=ZERO;
V t5=ZERO;
V t6=ZERO;
V t7=ZERO;
if (OUTPUTS>>0&1) {
V t8=LOAD(w,0);
t4=t4+t8*t0;
}
if (OUTPUTS>>1&1) {
V t8=LOAD(w,1);
t5=t5+t8*t1;
t6=t6+t8*t2;
t7=t7+t8*t3;
}
// l12 = 0
V t8=t0*t0;
V t9=t1*(K[0]*t1)+t2*(K[0]*t2)+t3*(K[0]*t3);
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t10=LOAD(w,2);
V t11=LOAD(w,3);
t4=t4+t10*t8+t11*t9;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t10=LOAD(w,5);
V t11=LOAD(w,6);
V t12=t10*t8+t11*t9;
t4=t4+t0*t12;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t10=LOAD(w,7);
V t11=LOAD(w,8);
V t12=t10*t8+t11*t9;
t5=t5+t1*t12;
t6=t6+t2*t12;
t7=t7+t3*t12;
}
// l12 = 1
V t10=t0*t1;
V t11=t0*t2;
V t12=t0*t3;
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t13=LOAD(w,4);
t5=t5+t13*t10;
t6=t6+t13*t11;
t7=t7+t13*t12;
}
STORE(o,0,t4);
STORE(o,1,t5);
STORE(o,2,t6);
STORE(o,3,t7);
}
};

struct Backward0 {
static constexpr int weights = 8;
static constexpr bool first = true, crowded = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {0, 1, 2, 3, 5, 6, 7, 8};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[8]) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=LOAD(g,0);
V t5=LOAD(g,1);
V t6=LOAD(g,2);
V t7=LOAD(g,3);
V t8=ZERO;
V t9=ZERO;
V t10=ZERO;
V t11=ZERO;
if (OUTPUTS>>0&1) {
V t12=LOAD(w,0);
t8=t8+t12*t4;
sum[0]=sum[0]+t0*t4;
}
if (OUTPUTS>>1&1) {
V t12=LOAD(w,1);
t9=t9+t12*t5;
t10=t10+t12*t6;
t11=t11+t12*t7;
sum[1]=sum[1]+t1*t5+t2*t6+t3*t7;
}
V t12=t0*t0;
V t13=t1*(K[0]*t1)+t2*(K[0]*t2)+t3*(K[0]*t3);
V t14=ZERO;
V t15=ZERO;
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t16=LOAD(w,2);
t14=t14+t16*t4;
sum[2]=sum[2]+t4*t12;
V t17=LOAD(w,3);
t15=t15+t17*t4;
sum[3]=sum[3]+t4*t13;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t16=LOAD(w,5);
V t17=LOAD(w,6);
V t18=t16*t12+t17*t13;
V t19=t4;
t8=t8+t18*t19;
V t20=t0*t19;
V t21=LOAD(w,5);
t14=t14+t21*t20;
sum[4]=sum[4]+t20*t12;
V t22=LOAD(w,6);
t15=t15+t22*t20;
sum[5]=sum[5]+t20*t13;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t16=LOAD(w,7);
V t17=LOAD(w,8);
V t18=t16*t12+t17*t13;
V t19=t5;
t9=t9+t18*t19;
V t20=t6;
t10=t10+t18*t20;
V t21=t7;
t11=t11+t18*t21;
V t22=t1*t19+t2*t20+t3*t21;
V t23=LOAD(w,7);
t14=t14+t23*t22;
sum[6]=sum[6]+t22*t12;
V t24=LOAD(w,8);
t15=t15+t24*t22;
sum[7]=sum[7]+t22*t13;
}
V t16=K[1]*t14;
t8=t8+t0*t16;
V t17=K[2]*t15;
V t18=K[2]*t15;
V t19=K[2]*t15;
t9=t9+t1*t17;
t10=t10+t2*t18;
t11=t11+t3*t19;
STORE(da,0,t8);
STORE(da,1,t9);
STORE(da,2,t10);
STORE(da,3,t11);
}
};

struct Backward1 {
static constexpr int weights = 1;
static constexpr bool first = false, crowded = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {4};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[1]) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=LOAD(g,1);
V t5=LOAD(g,2);
V t6=LOAD(g,3);
V t7=t0*t1;
V t8=t0*t2;
V t9=t0*t3;
V t10=ZERO;
V t11=ZERO;
V t12=ZERO;
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t13=LOAD(w,4);
t10=t10+t13*t4;
t11=t11+t13*t5;
t12=t12+t13*t6;
sum[0]=sum[0]+t4*t7+t5*t8+t6*t9;
}
V t13=t10;
V t14=t11;
V t15=t12;
V t16=t1*t13+t2*t14+t3*t15;
V t17=t0*t13;
V t18=t0*t14;
V t19=t0*t15;
V t20=LOAD(da,0);
V t21=t20+t16;
STORE(da,0,t21);
V t22=LOAD(da,1);
V t23=t22+t17;
STORE(da,1,t23);
V t24=LOAD(da,2);
V t25=t24+t18;
STORE(da,2,t25);
V t26=LOAD(da,3);
V t27=t26+t19;
STORE(da,3,t27);
}
};

struct Programs {
  static constexpr int lmax = 1;
  static constexpr __host__ __device__ int folded(int order) {
    return order == 1 ? 2 : order == 2 ? 5 : 9;
  }
  using Forward = lmax1::Forward;
  using Backward = List<Backward0, Backward1>;
};

}  // namespace lmax1

FL_DEFINE_CONTRACTION(lmax1::Programs, float)
FL_DEFINE_CONTRACTION(lmax1::Programs, double)

}  // namespace fl
