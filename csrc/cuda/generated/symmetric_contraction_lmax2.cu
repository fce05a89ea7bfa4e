// Written by codegen/symmetric_contraction_gpu.py, which says what it computes: lmax = 2.
#include "cuda/straight_line.h"
#include "cuda/symmetric_contraction_kernels.h"

#define ROW_a row
#define ROW_g row
#define ROW_o row
#define ROW_da row
#define ROW_w weight_lanes

namespace fl {
namespace lmax2 {

template <class T>
__device__ constexpr T constants[] = {
    T(0.5773502691896257),
    T(0.4472135954999579),
    T(-0.31622776601683794),
    T(0.5477225575051661),
    T(0.6324555320336759),
    T(-0.5477225575051661),
    T(0.7071067811865476),
    T(-0.408248290463863),
    T(0.816496580927726),
    T(-0.7071067811865476),
    T(1.4142135623730951),
    T(-1.0690449676496976),
    T(0.9258200997725514),
    T(0.5345224838248488),
    T(-0.5345224838248488),
    T(0.2672612419124244),
    T(-0.4629100498862757),
    T(0.4629100498862757),
    T(2.0),
    T(1.1547005383792515),
    T(0.8944271909999159),
    T(-0.816496580927726),
    T(1.632993161855452),
    T(-0.9258200997725514),
    T(1.0690449676496976),
};

struct Forward {
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT w, T* FL_RESTRICT o, int row) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=LOAD(a,4);
V t5=LOAD(a,5);
V t6=LOAD(a,6);
V t7=LOAD(a,7);
V t8=LOAD(a,8);
V t9=ZERO;
V t10=ZERO;
V t11=ZERO;
V t12=ZERO;
V t13=ZERO;
V t14=ZERO;
V t15=ZERO;
V t16=ZERO;
V t17=ZERO;
if (OUTPUTS>>0&1) {
V t18=LOAD(w,0);
t9=t9+t18*t0;
}
if (OUTPUTS>>1&1) {
V t18=LOAD(w,1);
t10=t10+t18*t1;
t11=t11+t18*t2;
t12=t12+t18*t3;
}
if (OUTPUTS>>2&1) {
V t18=LOAD(w,2);
t13=t13+t18*t4;
t14=t14+t18*t5;
t15=t15+t18*t6;
t16=t16+t18*t7;
t17=t17+t18*t8;
}
// l12 = 0
V t18=t0*t0;
V t19=t1*(K[0]*t1)+t2*(K[0]*t2)+t3*(K[0]*t3);
V t20=t4*(K[1]*t4)+t5*(K[1]*t5)+t6*(K[1]*t6)+t7*(K[1]*t7)+t8*(K[1]*t8);
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t21=LOAD(w,3);
V t22=LOAD(w,4);
V t23=LOAD(w,5);
t9=t9+t21*t18+t22*t19+t23*t20;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t21=LOAD(w,11);
V t22=LOAD(w,12);
V t23=LOAD(w,13);
V t24=t21*t18+t22*t19+t23*t20;
t9=t9+t0*t24;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t21=LOAD(w,16);
V t22=LOAD(w,17);
V t23=LOAD(w,18);
V t24=t21*t18+t22*t19+t23*t20;
t10=t10+t1*t24;
t11=t11+t2*t24;
t12=t12+t3*t24;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t21=LOAD(w,23);
V t22=LOAD(w,24);
V t23=LOAD(w,25);
V t24=t21*t18+t22*t19+t23*t20;
t13=t13+t4*t24;
t14=t14+t5*t24;
t15=t15+t6*t24;
t16=t16+t7*t24;
t17=t17+t8*t24;
}
// l12 = 1
V t21=t0*t1;
V t22=t0*t2;
V t23=t0*t3;
V t24=t1*(K[2]*t6-K[3]*t8)+t2*(K[3]*t5)+t3*(K[3]*t4);
V t25=t1*(K[3]*t5)+t2*(K[4]*t6)+t3*(K[3]*t7);
V t26=t1*(K[3]*t4)+t2*(K[3]*t7)+t3*(K[2]*t6+K[3]*t8);
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t27=LOAD(w,6);
V t28=LOAD(w,7);
t10=t10+t27*t21+t28*t24;
t11=t11+t27*t22+t28*t25;
t12=t12+t27*t23+t28*t26;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t27=LOAD(w,14);
V t28=t27*t24;
V t29=t27*t25;
V t30=t27*t26;
t9=t9+t1*(K[0]*t28)+t2*(K[0]*t29)+t3*(K[0]*t30);
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t27=LOAD(w,19);
V t28=LOAD(w,20);
V t29=t27*t21+t28*t24;
V t30=t27*t22+t28*t25;
V t31=t27*t23+t28*t26;
t10=t10+t4*(K[3]*t31)+t5*(K[3]*t30)+t6*(K[2]*t29)+t8*(K[5]*t29);
t11=t11+t5*(K[3]*t29)+t6*(K[4]*t30)+t7*(K[3]*t31);
t12=t12+t4*(K[3]*t29)+t6*(K[2]*t31)+t7*(K[3]*t30)+t8*(K[3]*t31);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t27=LOAD(w,21);
V t28=LOAD(w,22);
V t29=t27*t21+t28*t24;
V t30=t27*t22+t28*t25;
V t31=t27*t23+t28*t26;
t13=t13+t1*(K[6]*t31)+t3*(K[6]*t29);
t14=t14+t1*(K[6]*t30)+t2*(K[6]*t29);
t15=t15+t1*(K[7]*t29)+t2*(K[8]*t30)+t3*(K[7]*t31);
t16=t16+t2*(K[6]*t31)+t3*(K[6]*t30);
t17=t17+t1*(K[9]*t29)+t3*(K[6]*t31);
}
// l12 = 2
V t27=t0*t4;
V t28=t0*t5;
V t29=t0*t6;
V t30=t0*t7;
V t31=t0*t8;
V t32=t1*(K[10]*t3);
V t33=t1*(K[10]*t2);
V t34=t1*(K[7]*t1)+t2*(K[8]*t2)+t3*(K[7]*t3);
V t35=t2*(K[10]*t3);
V t36=t1*(K[9]*t1)+t3*(K[6]*t3);
V t37=t4*(K[11]*t6)+t5*(K[12]*t7);
V t38=t4*(K[12]*t7)+t5*(K[13]*t6-K[12]*t8);
V t39=t4*(K[14]*t4)+t5*(K[15]*t5)+t6*(K[13]*t6)+t7*(K[15]*t7)+t8*(K[14]*t8);
V t40=t4*(K[12]*t5)+t6*(K[13]*t7)+t7*(K[12]*t8);
V t41=t5*(K[16]*t5)+t6*(K[11]*t8)+t7*(K[17]*t7);
if (CORRELATION>1 and OUTPUTS>>2&1) {
V t42=LOAD(w,8);
V t43=LOAD(w,9);
V t44=LOAD(w,10);
t13=t13+t42*t27+t43*t32+t44*t37;
t14=t14+t42*t28+t43*t33+t44*t38;
t15=t15+t42*t29+t43*t34+t44*t39;
t16=t16+t42*t30+t43*t35+t44*t40;
t17=t17+t42*t31+t43*t36+t44*t41;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t42=LOAD(w,15);
V t43=t42*t37;
V t44=t42*t38;
V t45=t42*t39;
V t46=t42*t40;
V t47=t42*t41;
t9=t9+t4*(K[1]*t43)+t5*(K[1]*t44)+t6*(K[1]*t45)+t7*(K[1]*t46)+t8*(K[1]*t47);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t42=LOAD(w,26);
V t43=t42*t27;
V t44=t42*t28;
V t45=t42*t29;
V t46=t42*t30;
V t47=t42*t31;
t13=t13+t4*(K[14]*t45)+t5*(K[17]*t46)+t6*(K[14]*t43)+t7*(K[17]*t44);
t14=t14+t4*(K[17]*t46)+t5*(K[15]*t45-K[17]*t47)+t6*(K[15]*t44)+t7*(K[17]*t43)+t8*(K[16]*t44);
t15=t15+t4*(K[14]*t43)+t5*(K[15]*t44)+t6*(K[13]*t45)+t7*(K[15]*t46)+t8*(K[14]*t47);
t16=t16+t4*(K[17]*t44)+t5*(K[17]*t43)+t6*(K[15]*t46)+t7*(K[15]*t45+K[17]*t47)+t8*(K[17]*t46);
t17=t17+t5*(K[16]*t44)+t6*(K[14]*t47)+t7*(K[17]*t46)+t8*(K[14]*t45);
}
STORE(o,0,t9);
STORE(o,1,t10);
STORE(o,2,t11);
STORE(o,3,t12);
STORE(o,4,t13);
STORE(o,5,t14);
STORE(o,6,t15);
STORE(o,7,t16);
STORE(o,8,t17);
}
};

struct Backward0 {
static constexpr int weights = 15;
static constexpr bool first = true, crowded = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {0, 1, 2, 3, 4, 5, 11, 12, 13, 16, 17, 18, 23, 24, 25};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[15]) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=LOAD(a,4);
V t5=LOAD(a,5);
V t6=LOAD(a,6);
V t7=LOAD(a,7);
V t8=LOAD(a,8);
V t9=LOAD(g,0);
V t10=LOAD(g,1);
V t11=LOAD(g,2);
V t12=LOAD(g,3);
V t13=LOAD(g,4);
V t14=LOAD(g,5);
V t15=LOAD(g,6);
V t16=LOAD(g,7);
V t17=LOAD(g,8);
V t18=ZERO;
V t19=ZERO;
V t20=ZERO;
V t21=ZERO;
V t22=ZERO;
V t23=ZERO;
V t24=ZERO;
V t25=ZERO;
V t26=ZERO;
if (OUTPUTS>>0&1) {
V t27=LOAD(w,0);
t18=t18+t27*t9;
sum[0]=sum[0]+t0*t9;
}
if (OUTPUTS>>1&1) {
V t27=LOAD(w,1);
t19=t19+t27*t10;
t20=t20+t27*t11;
t21=t21+t27*t12;
sum[1]=sum[1]+t1*t10+t2*t11+t3*t12;
}
if (OUTPUTS>>2&1) {
V t27=LOAD(w,2);
t22=t22+t27*t13;
t23=t23+t27*t14;
t24=t24+t27*t15;
t25=t25+t27*t16;
t26=t26+t27*t17;
sum[2]=sum[2]+t4*t13+t5*t14+t6*t15+t7*t16+t8*t17;
}
V t27=t0*t0;
V t28=t1*(K[0]*t1)+t2*(K[0]*t2)+t3*(K[0]*t3);
V t29=t4*(K[1]*t4)+t5*(K[1]*t5)+t6*(K[1]*t6)+t7*(K[1]*t7)+t8*(K[1]*t8);
V t30=ZERO;
V t31=ZERO;
V t32=ZERO;
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t33=LOAD(w,3);
t30=t30+t33*t9;
sum[3]=sum[3]+t9*t27;
V t34=LOAD(w,4);
t31=t31+t34*t9;
sum[4]=sum[4]+t9*t28;
V t35=LOAD(w,5);
t32=t32+t35*t9;
sum[5]=sum[5]+t9*t29;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t33=LOAD(w,11);
V t34=LOAD(w,12);
V t35=LOAD(w,13);
V t36=t33*t27+t34*t28+t35*t29;
V t37=t9;
t18=t18+t36*t37;
V t38=t0*t37;
V t39=LOAD(w,11);
t30=t30+t39*t38;
sum[6]=sum[6]+t38*t27;
V t40=LOAD(w,12);
t31=t31+t40*t38;
sum[7]=sum[7]+t38*t28;
V t41=LOAD(w,13);
t32=t32+t41*t38;
sum[8]=sum[8]+t38*t29;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t33=LOAD(w,16);
V t34=LOAD(w,17);
V t35=LOAD(w,18);
V t36=t33*t27+t34*t28+t35*t29;
V t37=t10;
t19=t19+t36*t37;
V t38=t11;
t20=t20+t36*t38;
V t39=t12;
t21=t21+t36*t39;
V t40=t1*t37+t2*t38+t3*t39;
V t41=LOAD(w,16);
t30=t30+t41*t40;
sum[9]=sum[9]+t40*t27;
V t42=LOAD(w,17);
t31=t31+t42*t40;
sum[10]=sum[10]+t40*t28;
V t43=LOAD(w,18);
t32=t32+t43*t40;
sum[11]=sum[11]+t40*t29;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t33=LOAD(w,23);
V t34=LOAD(w,24);
V t35=LOAD(w,25);
V t36=t33*t27+t34*t28+t35*t29;
V t37=t13;
t22=t22+t36*t37;
V t38=t14;
t23=t23+t36*t38;
V t39=t15;
t24=t24+t36*t39;
V t40=t16;
t25=t25+t36*t40;
V t41=t17;
t26=t26+t36*t41;
V t42=t4*t37+t5*t38+t6*t39+t7*t40+t8*t41;
V t43=LOAD(w,23);
t30=t30+t43*t42;
sum[12]=sum[12]+t42*t27;
V t44=LOAD(w,24);
t31=t31+t44*t42;
sum[13]=sum[13]+t42*t28;
V t45=LOAD(w,25);
t32=t32+t45*t42;
sum[14]=sum[14]+t42*t29;
}
V t33=K[18]*t30;
t18=t18+t0*t33;
V t34=K[19]*t31;
V t35=K[19]*t31;
V t36=K[19]*t31;
t19=t19+t1*t34;
t20=t20+t2*t35;
t21=t21+t3*t36;
V t37=K[20]*t32;
V t38=K[20]*t32;
V t39=K[20]*t32;
V t40=K[20]*t32;
V t41=K[20]*t32;
t22=t22+t4*t37;
t23=t23+t5*t38;
t24=t24+t6*t39;
t25=t25+t7*t40;
t26=t26+t8*t41;
STORE(da,0,t18);
STORE(da,1,t19);
STORE(da,2,t20);
STORE(da,3,t21);
STORE(da,4,t22);
STORE(da,5,t23);
STORE(da,6,t24);
STORE(da,7,t25);
STORE(da,8,t26);
}
};

struct Backward1 {
static constexpr int weights = 7;
static constexpr bool first = false, crowded = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {6, 7, 14, 21, 22, 19, 20};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[7]) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=LOAD(a,4);
V t5=LOAD(a,5);
V t6=LOAD(a,6);
V t7=LOAD(a,7);
V t8=LOAD(a,8);
V t9=LOAD(g,0);
V t10=LOAD(g,1);
V t11=LOAD(g,2);
V t12=LOAD(g,3);
V t13=LOAD(g,4);
V t14=LOAD(g,5);
V t15=LOAD(g,6);
V t16=LOAD(g,7);
V t17=LOAD(g,8);
V t18=t0*t1;
V t19=t0*t2;
V t20=t0*t3;
V t21=t1*(K[2]*t6-K[3]*t8)+t2*(K[3]*t5)+t3*(K[3]*t4);
V t22=t1*(K[3]*t5)+t2*(K[4]*t6)+t3*(K[3]*t7);
V t23=t1*(K[3]*t4)+t2*(K[3]*t7)+t3*(K[2]*t6+K[3]*t8);
V t24=ZERO;
V t25=ZERO;
V t26=ZERO;
V t27=ZERO;
V t28=ZERO;
V t29=ZERO;
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t30=LOAD(w,6);
t24=t24+t30*t10;
t25=t25+t30*t11;
t26=t26+t30*t12;
sum[0]=sum[0]+t10*t18+t11*t19+t12*t20;
V t31=LOAD(w,7);
t27=t27+t31*t10;
t28=t28+t31*t11;
t29=t29+t31*t12;
sum[1]=sum[1]+t10*t21+t11*t22+t12*t23;
}
V t30=ZERO;
V t31=ZERO;
V t32=ZERO;
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t33=LOAD(w,14);
V t34=t33*t21;
V t35=t33*t22;
V t36=t33*t23;
V t37=K[0]*t9;
t30=t30+t34*t37;
V t38=K[0]*t9;
t31=t31+t35*t38;
V t39=K[0]*t9;
t32=t32+t36*t39;
V t40=t1*t37;
V t41=t2*t38;
V t42=t3*t39;
V t43=LOAD(w,14);
t27=t27+t43*t40;
t28=t28+t43*t41;
t29=t29+t43*t42;
sum[2]=sum[2]+t40*t21+t41*t22+t42*t23;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t33=LOAD(w,21);
V t34=LOAD(w,22);
V t35=t33*t18+t34*t21;
V t36=t33*t19+t34*t22;
V t37=t33*t20+t34*t23;
V t38=K[7]*t15-K[6]*t17;
V t39=K[6]*t14;
V t40=K[6]*t13;
t30=t30+t35*t38+t36*t39+t37*t40;
V t41=K[6]*t14;
V t42=K[8]*t15;
V t43=K[6]*t16;
t31=t31+t35*t41+t36*t42+t37*t43;
V t44=K[6]*t13;
V t45=K[6]*t16;
V t46=K[7]*t15+K[6]*t17;
t32=t32+t35*t44+t36*t45+t37*t46;
V t47=t1*t38+t2*t41+t3*t44;
V t48=t1*t39+t2*t42+t3*t45;
V t49=t1*t40+t2*t43+t3*t46;
V t50=LOAD(w,21);
t24=t24+t50*t47;
t25=t25+t50*t48;
t26=t26+t50*t49;
sum[3]=sum[3]+t47*t18+t48*t19+t49*t20;
V t51=LOAD(w,22);
t27=t27+t51*t47;
t28=t28+t51*t48;
t29=t29+t51*t49;
sum[4]=sum[4]+t47*t21+t48*t22+t49*t23;
}
V t33=LOAD(da,1);
V t34=t33+t30;
STORE(da,1,t34);
V t35=LOAD(da,2);
V t36=t35+t31;
STORE(da,2,t36);
V t37=LOAD(da,3);
V t38=t37+t32;
STORE(da,3,t38);
V t39=ZERO;
V t40=ZERO;
V t41=ZERO;
V t42=ZERO;
V t43=ZERO;
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t44=LOAD(w,19);
V t45=LOAD(w,20);
V t46=t44*t18+t45*t21;
V t47=t44*t19+t45*t22;
V t48=t44*t20+t45*t23;
V t49=K[3]*t12;
V t50=K[3]*t10;
t39=t39+t46*t49+t48*t50;
V t51=K[3]*t11;
V t52=K[3]*t10;
t40=t40+t46*t51+t47*t52;
V t53=K[2]*t10;
V t54=K[4]*t11;
V t55=K[2]*t12;
t41=t41+t46*t53+t47*t54+t48*t55;
V t56=K[3]*t12;
V t57=K[3]*t11;
t42=t42+t47*t56+t48*t57;
V t58=K[5]*t10;
V t59=K[3]*t12;
t43=t43+t46*t58+t48*t59;
V t60=t4*t49+t5*t51+t6*t53+t8*t58;
V t61=t5*t52+t6*t54+t7*t56;
V t62=t4*t50+t6*t55+t7*t57+t8*t59;
V t63=LOAD(w,19);
t24=t24+t63*t60;
t25=t25+t63*t61;
t26=t26+t63*t62;
sum[5]=sum[5]+t60*t18+t61*t19+t62*t20;
V t64=LOAD(w,20);
t27=t27+t64*t60;
t28=t28+t64*t61;
t29=t29+t64*t62;
sum[6]=sum[6]+t60*t21+t61*t22+t62*t23;
}
V t44=LOAD(da,4);
V t45=t44+t39;
STORE(da,4,t45);
V t46=LOAD(da,5);
V t47=t46+t40;
STORE(da,5,t47);
V t48=LOAD(da,6);
V t49=t48+t41;
STORE(da,6,t49);
V t50=LOAD(da,7);
V t51=t50+t42;
STORE(da,7,t51);
V t52=LOAD(da,8);
V t53=t52+t43;
STORE(da,8,t53);
V t54=t24;
V t55=t25;
V t56=t26;
V t57=t1*t54+t2*t55+t3*t56;
V t58=t0*t54;
V t59=t0*t55;
V t60=t0*t56;
V t61=K[3]*t29;
V t62=K[3]*t28;
V t63=K[2]*t27;
V t64=K[5]*t27;
V t65=K[3]*t27;
V t66=K[4]*t28;
V t67=K[3]*t29;
V t68=K[3]*t27;
V t69=K[2]*t29;
V t70=K[3]*t28;
V t71=K[3]*t29;
t58=t58+t4*t61+t5*t62+t6*t63+t8*t64;
V t72=t1*t61+t3*t68;
V t73=t1*t62+t2*t65;
V t74=t1*t63+t2*t66+t3*t69;
V t75=t1*t64+t3*t71;
t59=t59+t5*t65+t6*t66+t7*t67;
V t76=t2*t67+t3*t70;
t60=t60+t4*t68+t6*t69+t7*t70+t8*t71;
V t77=LOAD(da,0);
V t78=t77+t57;
STORE(da,0,t78);
V t79=LOAD(da,1);
V t80=t79+t58;
STORE(da,1,t80);
V t81=LOAD(da,2);
V t82=t81+t59;
STORE(da,2,t82);
V t83=LOAD(da,3);
V t84=t83+t60;
STORE(da,3,t84);
V t85=LOAD(da,4);
V t86=t85+t72;
STORE(da,4,t86);
V t87=LOAD(da,5);
V t88=t87+t73;
STORE(da,5,t88);
V t89=LOAD(da,6);
V t90=t89+t74;
STORE(da,6,t90);
V t91=LOAD(da,8);
V t92=t91+t75;
STORE(da,8,t92);
V t93=LOAD(da,7);
V t94=t93+t76;
STORE(da,7,t94);
}
};

struct Backward2 {
static constexpr int weights = 5;
static constexpr bool first = false, crowded = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {8, 9, 10, 15, 26};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[5]) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=LOAD(a,4);
V t5=LOAD(a,5);
V t6=LOAD(a,6);
V t7=LOAD(a,7);
V t8=LOAD(a,8);
V t9=LOAD(g,0);
V t10=LOAD(g,4);
V t11=LOAD(g,5);
V t12=LOAD(g,6);
V t13=LOAD(g,7);
V t14=LOAD(g,8);
V t15=t0*t4;
V t16=t0*t5;
V t17=t0*t6;
V t18=t0*t7;
V t19=t0*t8;
V t20=t1*(K[10]*t3);
V t21=t1*(K[10]*t2);
V t22=t1*(K[7]*t1)+t2*(K[8]*t2)+t3*(K[7]*t3);
V t23=t2*(K[10]*t3);
V t24=t1*(K[9]*t1)+t3*(K[6]*t3);
V t25=t4*(K[11]*t6)+t5*(K[12]*t7);
V t26=t4*(K[12]*t7)+t5*(K[13]*t6-K[12]*t8);
V t27=t4*(K[14]*t4)+t5*(K[15]*t5)+t6*(K[13]*t6)+t7*(K[15]*t7)+t8*(K[14]*t8);
V t28=t4*(K[12]*t5)+t6*(K[13]*t7)+t7*(K[12]*t8);
V t29=t5*(K[16]*t5)+t6*(K[11]*t8)+t7*(K[17]*t7);
V t30=ZERO;
V t31=ZERO;
V t32=ZERO;
V t33=ZERO;
V t34=ZERO;
V t35=ZERO;
V t36=ZERO;
V t37=ZERO;
V t38=ZERO;
V t39=ZERO;
V t40=ZERO;
V t41=ZERO;
V t42=ZERO;
V t43=ZERO;
V t44=ZERO;
if (CORRELATION>1 and OUTPUTS>>2&1) {
V t45=LOAD(w,8);
t30=t30+t45*t10;
t31=t31+t45*t11;
t32=t32+t45*t12;
t33=t33+t45*t13;
t34=t34+t45*t14;
sum[0]=sum[0]+t10*t15+t11*t16+t12*t17+t13*t18+t14*t19;
V t46=LOAD(w,9);
t35=t35+t46*t10;
t36=t36+t46*t11;
t37=t37+t46*t12;
t38=t38+t46*t13;
t39=t39+t46*t14;
sum[1]=sum[1]+t10*t20+t11*t21+t12*t22+t13*t23+t14*t24;
V t47=LOAD(w,10);
t40=t40+t47*t10;
t41=t41+t47*t11;
t42=t42+t47*t12;
t43=t43+t47*t13;
t44=t44+t47*t14;
sum[2]=sum[2]+t10*t25+t11*t26+t12*t27+t13*t28+t14*t29;
}
V t45=ZERO;
V t46=ZERO;
V t47=ZERO;
V t48=ZERO;
V t49=ZERO;
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t50=LOAD(w,15);
V t51=t50*t25;
V t52=t50*t26;
V t53=t50*t27;
V t54=t50*t28;
V t55=t50*t29;
V t56=K[1]*t9;
t45=t45+t51*t56;
V t57=K[1]*t9;
t46=t46+t52*t57;
V t58=K[1]*t9;
t47=t47+t53*t58;
V t59=K[1]*t9;
t48=t48+t54*t59;
V t60=K[1]*t9;
t49=t49+t55*t60;
V t61=t4*t56;
V t62=t5*t57;
V t63=t6*t58;
V t64=t7*t59;
V t65=t8*t60;
V t66=LOAD(w,15);
t40=t40+t66*t61;
t41=t41+t66*t62;
t42=t42+t66*t63;
t43=t43+t66*t64;
t44=t44+t66*t65;
sum[3]=sum[3]+t61*t25+t62*t26+t63*t27+t64*t28+t65*t29;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t50=LOAD(w,26);
V t51=t50*t15;
V t52=t50*t16;
V t53=t50*t17;
V t54=t50*t18;
V t55=t50*t19;
V t56=K[14]*t12;
V t57=K[17]*t13;
V t58=K[14]*t10;
V t59=K[17]*t11;
t45=t45+t51*t56+t52*t57+t53*t58+t54*t59;
V t60=K[17]*t13;
V t61=K[15]*t12-K[17]*t14;
V t62=K[15]*t11;
V t63=K[17]*t10;
V t64=K[16]*t11;
t46=t46+t51*t60+t52*t61+t53*t62+t54*t63+t55*t64;
V t65=K[14]*t10;
V t66=K[15]*t11;
V t67=K[13]*t12;
V t68=K[15]*t13;
V t69=K[14]*t14;
t47=t47+t51*t65+t52*t66+t53*t67+t54*t68+t55*t69;
V t70=K[17]*t11;
V t71=K[17]*t10;
V t72=K[15]*t13;
V t73=K[15]*t12+K[17]*t14;
V t74=K[17]*t13;
t48=t48+t51*t70+t52*t71+t53*t72+t54*t73+t55*t74;
V t75=K[16]*t11;
V t76=K[14]*t14;
V t77=K[17]*t13;
V t78=K[14]*t12;
t49=t49+t52*t75+t53*t76+t54*t77+t55*t78;
V t79=t4*t56+t5*t60+t6*t65+t7*t70;
V t80=t4*t57+t5*t61+t6*t66+t7*t71+t8*t75;
V t81=t4*t58+t5*t62+t6*t67+t7*t72+t8*t76;
V t82=t4*t59+t5*t63+t6*t68+t7*t73+t8*t77;
V t83=t5*t64+t6*t69+t7*t74+t8*t78;
V t84=LOAD(w,26);
t30=t30+t84*t79;
t31=t31+t84*t80;
t32=t32+t84*t81;
t33=t33+t84*t82;
t34=t34+t84*t83;
sum[4]=sum[4]+t79*t15+t80*t16+t81*t17+t82*t18+t83*t19;
}
V t50=LOAD(da,4);
V t51=t50+t45;
STORE(da,4,t51);
V t52=LOAD(da,5);
V t53=t52+t46;
STORE(da,5,t53);
V t54=LOAD(da,6);
V t55=t54+t47;
STORE(da,6,t55);
V t56=LOAD(da,7);
V t57=t56+t48;
STORE(da,7,t57);
V t58=LOAD(da,8);
V t59=t58+t49;
STORE(da,8,t59);
V t60=t30;
V t61=t31;
V t62=t32;
V t63=t33;
V t64=t34;
V t65=t4*t60+t5*t61+t6*t62+t7*t63+t8*t64;
V t66=t0*t60;
V t67=t0*t61;
V t68=t0*t62;
V t69=t0*t63;
V t70=t0*t64;
V t71=K[21]*t37-K[10]*t39;
V t72=K[10]*t36;
V t73=K[10]*t35;
V t74=K[22]*t37;
V t75=K[10]*t38;
V t76=K[21]*t37+K[10]*t39;
V t77=t1*t71+t2*t72+t3*t73;
V t78=t1*t72+t2*t74+t3*t75;
V t79=t1*t73+t2*t75+t3*t76;
V t80=K[11]*t42;
V t81=K[12]*t43;
V t82=K[11]*t40;
V t83=K[12]*t41;
V t84=K[13]*t42-K[12]*t44;
V t85=K[13]*t41;
V t86=K[12]*t40;
V t87=K[23]*t41;
V t88=K[24]*t42;
V t89=K[13]*t43;
V t90=K[11]*t44;
V t91=K[13]*t42+K[12]*t44;
V t92=K[12]*t43;
V t93=K[11]*t42;
t66=t66+t4*t80+t5*t81+t6*t82+t7*t83;
t67=t67+t4*t81+t5*t84+t6*t85+t7*t86+t8*t87;
t68=t68+t4*t82+t5*t85+t6*t88+t7*t89+t8*t90;
t69=t69+t4*t83+t5*t86+t6*t89+t7*t91+t8*t92;
t70=t70+t5*t87+t6*t90+t7*t92+t8*t93;
V t94=LOAD(da,0);
V t95=t94+t65;
STORE(da,0,t95);
V t96=LOAD(da,4);
V t97=t96+t66;
STORE(da,4,t97);
V t98=LOAD(da,5);
V t99=t98+t67;
STORE(da,5,t99);
V t100=LOAD(da,6);
V t101=t100+t68;
STORE(da,6,t101);
V t102=LOAD(da,7);
V t103=t102+t69;
STORE(da,7,t103);
V t104=LOAD(da,8);
V t105=t104+t70;
STORE(da,8,t105);
V t106=LOAD(da,1);
V t107=t106+t77;
STORE(da,1,t107);
V t108=LOAD(da,2);
V t109=t108+t78;
STORE(da,2,t109);
V t110=LOAD(da,3);
V t111=t110+t79;
STORE(da,3,t111);
}
};

struct Programs {
  static constexpr int lmax = 2;
  static constexpr __host__ __device__ int folded(int order) {
    return order == 1 ? 3 : order == 2 ? 11 : 27;
  }
  using Forward = lmax2::Forward;
  using Backward = List<Backward0, Backward1, Backward2>;
};

}  // namespace lmax2

FL_DEFINE_CONTRACTION(lmax2::Programs, float)
FL_DEFINE_CONTRACTION(lmax2::Programs, double)

}  // namespace fl
