// Written by codegen/symmetric_contraction_gpu.py, which says what it computes: lmax = 3.
#include "cuda/straight_line.h"
#include "cuda/symmetric_contraction_kernels.h"

#define ROW_a row
#define ROW_g row
#define ROW_o row
#define ROW_da row
#define ROW_w weight_lanes

namespace fl {
namespace lmax3 {

template <class T>
__device__ constexpr T constants[] = {
    T(0.5773502691896257),
    T(0.4472135954999579),
    T(0.3779644730092272),
    T(-0.31622776601683794),
    T(0.5477225575051661),
    T(0.6324555320336759),
    T(-0.11952286093343936),
    T(0.4629100498862757),
    T(-0.29277002188455997),
    T(0.4140393356054125),
    T(0.11952286093343936),
    T(0.47809144373375745),
    T(0.50709255283711),
    T(-0.5477225575051661),
    T(0.7071067811865476),
    T(-0.408248290463863),
    T(0.816496580927726),
    T(-0.7071067811865476),
    T(0.5976143046671968),
    T(0.4879500364742666),
    T(-0.1543033499620919),
    T(-0.5976143046671968),
    T(0.6172133998483676),
    T(-0.3779644730092272),
    T(-0.4879500364742666),
    T(0.5345224838248488),
    T(0.6546536707079771),
    T(0.1543033499620919),
    T(-0.18257418583505536),
    T(0.7302967433402214),
    T(0.18257418583505536),
    T(-0.4472135954999579),
    T(0.7745966692414834),
    T(-0.5773502691896257),
    T(1.4142135623730951),
    T(-1.0690449676496976),
    T(0.9258200997725514),
    T(-0.5345224838248488),
    T(0.2672612419124244),
    T(-0.4629100498862757),
    T(-0.9759000729485332),
    T(0.7559289460184544),
    T(0.7715167498104596),
    T(0.3086066999241838),
    T(-0.5455447255899809),
    T(0.32732683535398854),
    T(0.4364357804719847),
    T(-0.6454972243679028),
    T(0.45643546458763845),
    T(-0.28867513459481287),
    T(0.3535533905932738),
    T(-0.45643546458763845),
    T(0.3872983346207417),
    T(-0.3535533905932738),
    T(0.28867513459481287),
    T(0.5163977794943222),
    T(2.0),
    T(1.1547005383792515),
    T(0.8944271909999159),
    T(-0.816496580927726),
    T(1.632993161855452),
    T(-0.9258200997725514),
    T(1.0690449676496976),
    T(-1.0910894511799618),
    T(-0.7715167498104596),
    T(0.8728715609439694),
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
V t9=LOAD(a,9);
V t10=LOAD(a,10);
V t11=LOAD(a,11);
V t12=LOAD(a,12);
V t13=LOAD(a,13);
V t14=LOAD(a,14);
V t15=LOAD(a,15);
V t16=ZERO;
V t17=ZERO;
V t18=ZERO;
V t19=ZERO;
V t20=ZERO;
V t21=ZERO;
V t22=ZERO;
V t23=ZERO;
V t24=ZERO;
V t25=ZERO;
V t26=ZERO;
V t27=ZERO;
V t28=ZERO;
V t29=ZERO;
V t30=ZERO;
V t31=ZERO;
if (OUTPUTS>>0&1) {
V t32=LOAD(w,0);
t16=t16+t32*t0;
}
if (OUTPUTS>>1&1) {
V t32=LOAD(w,1);
t17=t17+t32*t1;
t18=t18+t32*t2;
t19=t19+t32*t3;
}
if (OUTPUTS>>2&1) {
V t32=LOAD(w,2);
t20=t20+t32*t4;
t21=t21+t32*t5;
t22=t22+t32*t6;
t23=t23+t32*t7;
t24=t24+t32*t8;
}
if (OUTPUTS>>3&1) {
V t32=LOAD(w,3);
t25=t25+t32*t9;
t26=t26+t32*t10;
t27=t27+t32*t11;
t28=t28+t32*t12;
t29=t29+t32*t13;
t30=t30+t32*t14;
t31=t31+t32*t15;
}
// l12 = 0
V t32=t0*t0;
V t33=t1*(K[0]*t1)+t2*(K[0]*t2)+t3*(K[0]*t3);
V t34=t4*(K[1]*t4)+t5*(K[1]*t5)+t6*(K[1]*t6)+t7*(K[1]*t7)+t8*(K[1]*t8);
V t35=t9*(K[2]*t9)+t10*(K[2]*t10)+t11*(K[2]*t11)+t12*(K[2]*t12)+t13*(K[2]*t13)+t14*(K[2]*t14)+t15*(K[2]*t15);
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t36=LOAD(w,4);
V t37=LOAD(w,5);
V t38=LOAD(w,6);
V t39=LOAD(w,7);
t16=t16+t36*t32+t37*t33+t38*t34+t39*t35;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t36=LOAD(w,19);
V t37=LOAD(w,20);
V t38=LOAD(w,21);
V t39=LOAD(w,22);
V t40=t36*t32+t37*t33+t38*t34+t39*t35;
t16=t16+t0*t40;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t36=LOAD(w,28);
V t37=LOAD(w,29);
V t38=LOAD(w,30);
V t39=LOAD(w,31);
V t40=t36*t32+t37*t33+t38*t34+t39*t35;
t17=t17+t1*t40;
t18=t18+t2*t40;
t19=t19+t3*t40;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t36=LOAD(w,43);
V t37=LOAD(w,44);
V t38=LOAD(w,45);
V t39=LOAD(w,46);
V t40=t36*t32+t37*t33+t38*t34+t39*t35;
t20=t20+t4*t40;
t21=t21+t5*t40;
t22=t22+t6*t40;
t23=t23+t7*t40;
t24=t24+t8*t40;
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t36=LOAD(w,59);
V t37=LOAD(w,60);
V t38=LOAD(w,61);
V t39=LOAD(w,62);
V t40=t36*t32+t37*t33+t38*t34+t39*t35;
t25=t25+t9*t40;
t26=t26+t10*t40;
t27=t27+t11*t40;
t28=t28+t12*t40;
t29=t29+t13*t40;
t30=t30+t14*t40;
t31=t31+t15*t40;
}
// l12 = 1
V t36=t0*t1;
V t37=t0*t2;
V t38=t0*t3;
V t39=t1*(K[3]*t6-K[4]*t8)+t2*(K[4]*t5)+t3*(K[4]*t4);
V t40=t1*(K[4]*t5)+t2*(K[5]*t6)+t3*(K[4]*t7);
V t41=t1*(K[4]*t4)+t2*(K[4]*t7)+t3*(K[3]*t6+K[4]*t8);
V t42=t4*(K[6]*t13-K[7]*t15)+t5*(K[8]*t12-K[2]*t14)+t6*(K[9]*t11)+t7*(K[2]*t10)+t8*(K[7]*t9+K[10]*t11);
V t43=t4*(K[2]*t10)+t5*(K[11]*t11)+t6*(K[12]*t12)+t7*(K[11]*t13)+t8*(K[2]*t14);
V t44=t4*(K[7]*t9-K[10]*t11)+t5*(K[2]*t10)+t6*(K[9]*t13)+t7*(K[8]*t12+K[2]*t14)+t8*(K[6]*t13+K[7]*t15);
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t45=LOAD(w,8);
V t46=LOAD(w,9);
V t47=LOAD(w,10);
t17=t17+t45*t36+t46*t39+t47*t42;
t18=t18+t45*t37+t46*t40+t47*t43;
t19=t19+t45*t38+t46*t41+t47*t44;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t45=LOAD(w,23);
V t46=LOAD(w,24);
V t47=t45*t39+t46*t42;
V t48=t45*t40+t46*t43;
V t49=t45*t41+t46*t44;
t16=t16+t1*(K[0]*t47)+t2*(K[0]*t48)+t3*(K[0]*t49);
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t45=LOAD(w,27);
V t46=t45*t42;
V t47=t45*t43;
V t48=t45*t44;
t17=t17+t0*t46;
t18=t18+t0*t47;
t19=t19+t0*t48;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t45=LOAD(w,32);
V t46=LOAD(w,33);
V t47=LOAD(w,34);
V t48=t45*t36+t46*t39+t47*t42;
V t49=t45*t37+t46*t40+t47*t43;
V t50=t45*t38+t46*t41+t47*t44;
t17=t17+t4*(K[4]*t50)+t5*(K[4]*t49)+t6*(K[3]*t48)+t8*(K[13]*t48);
t18=t18+t5*(K[4]*t48)+t6*(K[5]*t49)+t7*(K[4]*t50);
t19=t19+t4*(K[4]*t48)+t6*(K[3]*t50)+t7*(K[4]*t49)+t8*(K[4]*t50);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t45=LOAD(w,40);
V t46=LOAD(w,41);
V t47=LOAD(w,42);
V t48=t45*t36+t46*t39+t47*t42;
V t49=t45*t37+t46*t40+t47*t43;
V t50=t45*t38+t46*t41+t47*t44;
t20=t20+t1*(K[14]*t50)+t3*(K[14]*t48);
t21=t21+t1*(K[14]*t49)+t2*(K[14]*t48);
t22=t22+t1*(K[15]*t48)+t2*(K[16]*t49)+t3*(K[15]*t50);
t23=t23+t2*(K[14]*t50)+t3*(K[14]*t49);
t24=t24+t1*(K[17]*t48)+t3*(K[14]*t50);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t45=LOAD(w,50);
V t46=LOAD(w,51);
V t47=LOAD(w,52);
V t48=t45*t36+t46*t39+t47*t42;
V t49=t45*t37+t46*t40+t47*t43;
V t50=t45*t38+t46*t41+t47*t44;
t20=t20+t9*(K[18]*t50)+t10*(K[19]*t49)+t11*(K[20]*t50)+t13*(K[20]*t48)+t15*(K[21]*t48);
t21=t21+t10*(K[19]*t50)+t11*(K[22]*t49)+t12*(K[23]*t48)+t14*(K[24]*t48);
t22=t22+t11*(K[25]*t48)+t12*(K[26]*t49)+t13*(K[25]*t50);
t23=t23+t10*(K[19]*t48)+t12*(K[23]*t50)+t13*(K[22]*t49)+t14*(K[19]*t50);
t24=t24+t9*(K[18]*t48)+t11*(K[27]*t48)+t13*(K[20]*t50)+t14*(K[19]*t49)+t15*(K[18]*t50);
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t45=LOAD(w,56);
V t46=LOAD(w,57);
V t47=LOAD(w,58);
V t48=t45*t36+t46*t39+t47*t42;
V t49=t45*t37+t46*t40+t47*t43;
V t50=t45*t38+t46*t41+t47*t44;
t25=t25+t4*(K[14]*t50)+t8*(K[14]*t48);
t26=t26+t4*(K[0]*t49)+t5*(K[0]*t50)+t7*(K[0]*t48);
t27=t27+t4*(K[28]*t50)+t5*(K[29]*t49)+t6*(K[5]*t48)+t8*(K[30]*t48);
t28=t28+t5*(K[31]*t48)+t6*(K[32]*t49)+t7*(K[31]*t50);
t29=t29+t4*(K[28]*t48)+t6*(K[5]*t50)+t7*(K[29]*t49)+t8*(K[28]*t50);
t30=t30+t5*(K[33]*t48)+t7*(K[0]*t50)+t8*(K[0]*t49);
t31=t31+t4*(K[17]*t48)+t8*(K[14]*t50);
}
// l12 = 2
V t45=t0*t4;
V t46=t0*t5;
V t47=t0*t6;
V t48=t0*t7;
V t49=t0*t8;
V t50=t1*(K[34]*t3);
V t51=t1*(K[34]*t2);
V t52=t1*(K[15]*t1)+t2*(K[16]*t2)+t3*(K[15]*t3);
V t53=t2*(K[34]*t3);
V t54=t1*(K[17]*t1)+t3*(K[14]*t3);
V t55=t1*(K[20]*t13-K[18]*t15)+t2*(K[19]*t10)+t3*(K[18]*t9-K[27]*t11);
V t56=t1*(K[23]*t12-K[19]*t14)+t2*(K[22]*t11)+t3*(K[19]*t10);
V t57=t1*(K[25]*t11)+t2*(K[26]*t12)+t3*(K[25]*t13);
V t58=t1*(K[19]*t10)+t2*(K[22]*t13)+t3*(K[23]*t12+K[19]*t14);
V t59=t1*(K[18]*t9+K[27]*t11)+t2*(K[19]*t14)+t3*(K[20]*t13+K[18]*t15);
V t60=t4*(K[35]*t6)+t5*(K[36]*t7);
V t61=t4*(K[36]*t7)+t5*(K[25]*t6-K[36]*t8);
V t62=t4*(K[37]*t4)+t5*(K[38]*t5)+t6*(K[25]*t6)+t7*(K[38]*t7)+t8*(K[37]*t8);
V t63=t4*(K[36]*t5)+t6*(K[25]*t7)+t7*(K[36]*t8);
V t64=t5*(K[39]*t5)+t6*(K[35]*t8)+t7*(K[7]*t7);
V t65=t9*(K[24]*t13)+t10*(K[40]*t12)+t11*(K[41]*t13+K[19]*t15);
V t66=t9*(K[42]*t14)+t10*(K[18]*t13-K[42]*t15)+t11*(K[43]*t12-K[18]*t14);
V t67=t9*(K[44]*t9)+t11*(K[45]*t11)+t12*(K[46]*t12)+t13*(K[45]*t13)+t15*(K[44]*t15);
V t68=t9*(K[42]*t10)+t10*(K[18]*t11)+t12*(K[43]*t13)+t13*(K[18]*t14)+t14*(K[42]*t15);
V t69=t9*(K[24]*t11)+t11*(K[23]*t11)+t12*(K[40]*t14)+t13*(K[2]*t13-K[19]*t15);
if (CORRELATION>1 and OUTPUTS>>2&1) {
V t70=LOAD(w,11);
V t71=LOAD(w,12);
V t72=LOAD(w,13);
V t73=LOAD(w,14);
V t74=LOAD(w,15);
t20=t20+t70*t45+t71*t50+t72*t55+t73*t60+t74*t65;
t21=t21+t70*t46+t71*t51+t72*t56+t73*t61+t74*t66;
t22=t22+t70*t47+t71*t52+t72*t57+t73*t62+t74*t67;
t23=t23+t70*t48+t71*t53+t72*t58+t73*t63+t74*t68;
t24=t24+t70*t49+t71*t54+t72*t59+t73*t64+t74*t69;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t70=LOAD(w,25);
V t71=LOAD(w,26);
V t72=t70*t60+t71*t65;
V t73=t70*t61+t71*t66;
V t74=t70*t62+t71*t67;
V t75=t70*t63+t71*t68;
V t76=t70*t64+t71*t69;
t16=t16+t4*(K[1]*t72)+t5*(K[1]*t73)+t6*(K[1]*t74)+t7*(K[1]*t75)+t8*(K[1]*t76);
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t70=LOAD(w,35);
V t71=LOAD(w,36);
V t72=LOAD(w,37);
V t73=LOAD(w,38);
V t74=t70*t50+t71*t55+t72*t60+t73*t65;
V t75=t70*t51+t71*t56+t72*t61+t73*t66;
V t76=t70*t52+t71*t57+t72*t62+t73*t67;
V t77=t70*t53+t71*t58+t72*t63+t73*t68;
V t78=t70*t54+t71*t59+t72*t64+t73*t69;
t17=t17+t9*(K[7]*t78)+t10*(K[2]*t77)+t11*(K[9]*t76+K[10]*t78)+t12*(K[8]*t75)+t13*(K[6]*t74)+t14*(K[23]*t75)+t15*(K[39]*t74);
t18=t18+t10*(K[2]*t74)+t11*(K[11]*t75)+t12*(K[12]*t76)+t13*(K[11]*t77)+t14*(K[2]*t78);
t19=t19+t9*(K[7]*t74)+t10*(K[2]*t75)+t11*(K[6]*t74)+t12*(K[8]*t77)+t13*(K[9]*t76-K[10]*t78)+t14*(K[2]*t77)+t15*(K[7]*t78);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t70=LOAD(w,39);
V t71=t70*t65;
V t72=t70*t66;
V t73=t70*t67;
V t74=t70*t68;
V t75=t70*t69;
t20=t20+t0*t71;
t21=t21+t0*t72;
t22=t22+t0*t73;
t23=t23+t0*t74;
t24=t24+t0*t75;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t70=LOAD(w,47);
V t71=LOAD(w,48);
V t72=LOAD(w,49);
V t73=t70*t45+t71*t55+t72*t65;
V t74=t70*t46+t71*t56+t72*t66;
V t75=t70*t47+t71*t57+t72*t67;
V t76=t70*t48+t71*t58+t72*t68;
V t77=t70*t49+t71*t59+t72*t69;
t20=t20+t4*(K[37]*t75)+t5*(K[7]*t76)+t6*(K[37]*t73)+t7*(K[7]*t74);
t21=t21+t4*(K[7]*t76)+t5*(K[38]*t75-K[7]*t77)+t6*(K[38]*t74)+t7*(K[7]*t73)+t8*(K[39]*t74);
t22=t22+t4*(K[37]*t73)+t5*(K[38]*t74)+t6*(K[25]*t75)+t7*(K[38]*t76)+t8*(K[37]*t77);
t23=t23+t4*(K[7]*t74)+t5*(K[7]*t73)+t6*(K[38]*t76)+t7*(K[38]*t75+K[7]*t77)+t8*(K[7]*t76);
t24=t24+t5*(K[39]*t74)+t6*(K[37]*t77)+t7*(K[7]*t76)+t8*(K[37]*t75);
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t70=LOAD(w,53);
V t71=LOAD(w,54);
V t72=LOAD(w,55);
V t73=t70*t50+t71*t60+t72*t65;
V t74=t70*t51+t71*t61+t72*t66;
V t75=t70*t52+t71*t62+t72*t67;
V t76=t70*t53+t71*t63+t72*t68;
V t77=t70*t54+t71*t64+t72*t69;
t25=t25+t1*(K[14]*t77)+t3*(K[14]*t73);
t26=t26+t1*(K[0]*t76)+t2*(K[0]*t73)+t3*(K[0]*t74);
t27=t27+t1*(K[5]*t75+K[30]*t77)+t2*(K[29]*t74)+t3*(K[28]*t73);
t28=t28+t1*(K[31]*t74)+t2*(K[32]*t75)+t3*(K[31]*t76);
t29=t29+t1*(K[28]*t73)+t2*(K[29]*t76)+t3*(K[5]*t75-K[30]*t77);
t30=t30+t1*(K[33]*t74)+t2*(K[0]*t77)+t3*(K[0]*t76);
t31=t31+t1*(K[17]*t73)+t3*(K[14]*t77);
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t70=LOAD(w,63);
V t71=LOAD(w,64);
V t72=LOAD(w,65);
V t73=LOAD(w,66);
V t74=LOAD(w,67);
V t75=t70*t45+t71*t50+t72*t55+t73*t60+t74*t65;
V t76=t70*t46+t71*t51+t72*t56+t73*t61+t74*t66;
V t77=t70*t47+t71*t52+t72*t57+t73*t62+t74*t67;
V t78=t70*t48+t71*t53+t72*t58+t73*t63+t74*t68;
V t79=t70*t49+t71*t54+t72*t59+t73*t64+t74*t69;
t25=t25+t9*(K[47]*t77)+t10*(K[48]*t78)+t11*(K[49]*t79)+t13*(K[49]*t75)+t14*(K[48]*t76);
t26=t26+t9*(K[48]*t78)+t11*(K[50]*t78)+t12*(K[33]*t75)+t13*(K[50]*t76)+t15*(K[51]*t76);
t27=t27+t9*(K[49]*t79)+t10*(K[50]*t78)+t11*(K[52]*t77-K[1]*t79)+t12*(K[30]*t76)+t13*(K[1]*t75)+t14*(K[53]*t76)+t15*(K[54]*t75);
t28=t28+t10*(K[33]*t75)+t11*(K[30]*t76)+t12*(K[55]*t77)+t13*(K[30]*t78)+t14*(K[33]*t79);
t29=t29+t9*(K[49]*t75)+t10*(K[50]*t76)+t11*(K[1]*t75)+t12*(K[30]*t78)+t13*(K[52]*t77+K[1]*t79)+t14*(K[50]*t78)+t15*(K[49]*t79);
t30=t30+t9*(K[48]*t76)+t11*(K[53]*t76)+t12*(K[33]*t79)+t13*(K[50]*t78)+t15*(K[48]*t78);
t31=t31+t10*(K[51]*t76)+t11*(K[54]*t75)+t13*(K[49]*t79)+t14*(K[48]*t78)+t15*(K[47]*t77);
}
// l12 = 3
V t70=t0*t9;
V t71=t0*t10;
V t72=t0*t11;
V t73=t0*t12;
V t74=t0*t13;
V t75=t0*t14;
V t76=t0*t15;
V t77=t1*(K[14]*t8)+t3*(K[14]*t4);
V t78=t1*(K[0]*t7)+t2*(K[0]*t4)+t3*(K[0]*t5);
V t79=t1*(K[5]*t6+K[30]*t8)+t2*(K[29]*t5)+t3*(K[28]*t4);
V t80=t1*(K[31]*t5)+t2*(K[32]*t6)+t3*(K[31]*t7);
V t81=t1*(K[28]*t4)+t2*(K[29]*t7)+t3*(K[5]*t6-K[30]*t8);
V t82=t1*(K[33]*t5)+t2*(K[0]*t8)+t3*(K[0]*t7);
V t83=t1*(K[17]*t4)+t3*(K[14]*t8);
V t84=t4*(K[49]*t13)+t5*(K[48]*t14)+t6*(K[47]*t9)+t7*(K[48]*t10)+t8*(K[49]*t11);
V t85=t4*(K[33]*t12)+t5*(K[50]*t13-K[48]*t15)+t7*(K[48]*t9+K[50]*t11);
V t86=t4*(K[1]*t13+K[54]*t15)+t5*(K[30]*t12-K[50]*t14)+t6*(K[52]*t11)+t7*(K[50]*t10)+t8*(K[49]*t9-K[1]*t11);
V t87=t4*(K[33]*t10)+t5*(K[30]*t11)+t6*(K[55]*t12)+t7*(K[30]*t13)+t8*(K[33]*t14);
V t88=t4*(K[49]*t9+K[1]*t11)+t5*(K[50]*t10)+t6*(K[52]*t13)+t7*(K[30]*t12+K[50]*t14)+t8*(K[1]*t13-K[54]*t15);
V t89=t5*(K[48]*t9-K[50]*t11)+t7*(K[50]*t13+K[48]*t15)+t8*(K[33]*t12);
V t90=t4*(K[54]*t11)+t5*(K[51]*t10)+t6*(K[47]*t15)+t7*(K[48]*t14)+t8*(K[49]*t13);
if (CORRELATION>1 and OUTPUTS>>3&1) {
V t91=LOAD(w,16);
V t92=LOAD(w,17);
V t93=LOAD(w,18);
t25=t25+t91*t70+t92*t77+t93*t84;
t26=t26+t91*t71+t92*t78+t93*t85;
t27=t27+t91*t72+t92*t79+t93*t86;
t28=t28+t91*t73+t92*t80+t93*t87;
t29=t29+t91*t74+t92*t81+t93*t88;
t30=t30+t91*t75+t92*t82+t93*t89;
t31=t31+t91*t76+t92*t83+t93*t90;
}
STORE(o,0,t16);
STORE(o,1,t17);
STORE(o,2,t18);
STORE(o,3,t19);
STORE(o,4,t20);
STORE(o,5,t21);
STORE(o,6,t22);
STORE(o,7,t23);
STORE(o,8,t24);
STORE(o,9,t25);
STORE(o,10,t26);
STORE(o,11,t27);
STORE(o,12,t28);
STORE(o,13,t29);
STORE(o,14,t30);
STORE(o,15,t31);
}
};

struct Backward0 {
static constexpr int weights = 24;
static constexpr bool first = true, crowded = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {0, 1, 2, 3, 4, 5, 6, 7, 19, 20, 21, 22, 28, 29, 30, 31, 43, 44, 45, 46, 59, 60, 61, 62};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[24]) {
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
V t9=LOAD(a,9);
V t10=LOAD(a,10);
V t11=LOAD(a,11);
V t12=LOAD(a,12);
V t13=LOAD(a,13);
V t14=LOAD(a,14);
V t15=LOAD(a,15);
V t16=LOAD(g,0);
V t17=LOAD(g,1);
V t18=LOAD(g,2);
V t19=LOAD(g,3);
V t20=LOAD(g,4);
V t21=LOAD(g,5);
V t22=LOAD(g,6);
V t23=LOAD(g,7);
V t24=LOAD(g,8);
V t25=LOAD(g,9);
V t26=LOAD(g,10);
V t27=LOAD(g,11);
V t28=LOAD(g,12);
V t29=LOAD(g,13);
V t30=LOAD(g,14);
V t31=LOAD(g,15);
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
V t45=ZERO;
V t46=ZERO;
V t47=ZERO;
if (OUTPUTS>>0&1) {
V t48=LOAD(w,0);
t32=t32+t48*t16;
sum[0]=sum[0]+t0*t16;
}
if (OUTPUTS>>1&1) {
V t48=LOAD(w,1);
t33=t33+t48*t17;
t34=t34+t48*t18;
t35=t35+t48*t19;
sum[1]=sum[1]+t1*t17+t2*t18+t3*t19;
}
if (OUTPUTS>>2&1) {
V t48=LOAD(w,2);
t36=t36+t48*t20;
t37=t37+t48*t21;
t38=t38+t48*t22;
t39=t39+t48*t23;
t40=t40+t48*t24;
sum[2]=sum[2]+t4*t20+t5*t21+t6*t22+t7*t23+t8*t24;
}
if (OUTPUTS>>3&1) {
V t48=LOAD(w,3);
t41=t41+t48*t25;
t42=t42+t48*t26;
t43=t43+t48*t27;
t44=t44+t48*t28;
t45=t45+t48*t29;
t46=t46+t48*t30;
t47=t47+t48*t31;
sum[3]=sum[3]+t9*t25+t10*t26+t11*t27+t12*t28+t13*t29+t14*t30+t15*t31;
}
V t48=t0*t0;
V t49=t1*(K[0]*t1)+t2*(K[0]*t2)+t3*(K[0]*t3);
V t50=t4*(K[1]*t4)+t5*(K[1]*t5)+t6*(K[1]*t6)+t7*(K[1]*t7)+t8*(K[1]*t8);
V t51=t9*(K[2]*t9)+t10*(K[2]*t10)+t11*(K[2]*t11)+t12*(K[2]*t12)+t13*(K[2]*t13)+t14*(K[2]*t14)+t15*(K[2]*t15);
V t52=ZERO;
V t53=ZERO;
V t54=ZERO;
V t55=ZERO;
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t56=LOAD(w,4);
t52=t52+t56*t16;
sum[4]=sum[4]+t16*t48;
V t57=LOAD(w,5);
t53=t53+t57*t16;
sum[5]=sum[5]+t16*t49;
V t58=LOAD(w,6);
t54=t54+t58*t16;
sum[6]=sum[6]+t16*t50;
V t59=LOAD(w,7);
t55=t55+t59*t16;
sum[7]=sum[7]+t16*t51;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t56=LOAD(w,19);
V t57=LOAD(w,20);
V t58=LOAD(w,21);
V t59=LOAD(w,22);
V t60=t56*t48+t57*t49+t58*t50+t59*t51;
V t61=t16;
t32=t32+t60*t61;
V t62=t0*t61;
V t63=LOAD(w,19);
t52=t52+t63*t62;
sum[8]=sum[8]+t62*t48;
V t64=LOAD(w,20);
t53=t53+t64*t62;
sum[9]=sum[9]+t62*t49;
V t65=LOAD(w,21);
t54=t54+t65*t62;
sum[10]=sum[10]+t62*t50;
V t66=LOAD(w,22);
t55=t55+t66*t62;
sum[11]=sum[11]+t62*t51;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t56=LOAD(w,28);
V t57=LOAD(w,29);
V t58=LOAD(w,30);
V t59=LOAD(w,31);
V t60=t56*t48+t57*t49+t58*t50+t59*t51;
V t61=t17;
t33=t33+t60*t61;
V t62=t18;
t34=t34+t60*t62;
V t63=t19;
t35=t35+t60*t63;
V t64=t1*t61+t2*t62+t3*t63;
V t65=LOAD(w,28);
t52=t52+t65*t64;
sum[12]=sum[12]+t64*t48;
V t66=LOAD(w,29);
t53=t53+t66*t64;
sum[13]=sum[13]+t64*t49;
V t67=LOAD(w,30);
t54=t54+t67*t64;
sum[14]=sum[14]+t64*t50;
V t68=LOAD(w,31);
t55=t55+t68*t64;
sum[15]=sum[15]+t64*t51;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t56=LOAD(w,43);
V t57=LOAD(w,44);
V t58=LOAD(w,45);
V t59=LOAD(w,46);
V t60=t56*t48+t57*t49+t58*t50+t59*t51;
V t61=t20;
t36=t36+t60*t61;
V t62=t21;
t37=t37+t60*t62;
V t63=t22;
t38=t38+t60*t63;
V t64=t23;
t39=t39+t60*t64;
V t65=t24;
t40=t40+t60*t65;
V t66=t4*t61+t5*t62+t6*t63+t7*t64+t8*t65;
V t67=LOAD(w,43);
t52=t52+t67*t66;
sum[16]=sum[16]+t66*t48;
V t68=LOAD(w,44);
t53=t53+t68*t66;
sum[17]=sum[17]+t66*t49;
V t69=LOAD(w,45);
t54=t54+t69*t66;
sum[18]=sum[18]+t66*t50;
V t70=LOAD(w,46);
t55=t55+t70*t66;
sum[19]=sum[19]+t66*t51;
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t56=LOAD(w,59);
V t57=LOAD(w,60);
V t58=LOAD(w,61);
V t59=LOAD(w,62);
V t60=t56*t48+t57*t49+t58*t50+t59*t51;
V t61=t25;
t41=t41+t60*t61;
V t62=t26;
t42=t42+t60*t62;
V t63=t27;
t43=t43+t60*t63;
V t64=t28;
t44=t44+t60*t64;
V t65=t29;
t45=t45+t60*t65;
V t66=t30;
t46=t46+t60*t66;
V t67=t31;
t47=t47+t60*t67;
V t68=t9*t61+t10*t62+t11*t63+t12*t64+t13*t65+t14*t66+t15*t67;
V t69=LOAD(w,59);
t52=t52+t69*t68;
sum[20]=sum[20]+t68*t48;
V t70=LOAD(w,60);
t53=t53+t70*t68;
sum[21]=sum[21]+t68*t49;
V t71=LOAD(w,61);
t54=t54+t71*t68;
sum[22]=sum[22]+t68*t50;
V t72=LOAD(w,62);
t55=t55+t72*t68;
sum[23]=sum[23]+t68*t51;
}
V t56=K[56]*t52;
t32=t32+t0*t56;
V t57=K[57]*t53;
V t58=K[57]*t53;
V t59=K[57]*t53;
t33=t33+t1*t57;
t34=t34+t2*t58;
t35=t35+t3*t59;
V t60=K[58]*t54;
V t61=K[58]*t54;
V t62=K[58]*t54;
V t63=K[58]*t54;
V t64=K[58]*t54;
t36=t36+t4*t60;
t37=t37+t5*t61;
t38=t38+t6*t62;
t39=t39+t7*t63;
t40=t40+t8*t64;
V t65=K[41]*t55;
V t66=K[41]*t55;
V t67=K[41]*t55;
V t68=K[41]*t55;
V t69=K[41]*t55;
V t70=K[41]*t55;
V t71=K[41]*t55;
t41=t41+t9*t65;
t42=t42+t10*t66;
t43=t43+t11*t67;
t44=t44+t12*t68;
t45=t45+t13*t69;
t46=t46+t14*t70;
t47=t47+t15*t71;
STORE(da,0,t32);
STORE(da,1,t33);
STORE(da,2,t34);
STORE(da,3,t35);
STORE(da,4,t36);
STORE(da,5,t37);
STORE(da,6,t38);
STORE(da,7,t39);
STORE(da,8,t40);
STORE(da,9,t41);
STORE(da,10,t42);
STORE(da,11,t43);
STORE(da,12,t44);
STORE(da,13,t45);
STORE(da,14,t46);
STORE(da,15,t47);
}
};

struct Backward1 {
static constexpr int weights = 18;
static constexpr bool first = false, crowded = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {8, 9, 10, 27, 23, 24, 40, 41, 42, 32, 33, 34, 56, 57, 58, 50, 51, 52};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[18]) {
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
V t9=LOAD(a,9);
V t10=LOAD(a,10);
V t11=LOAD(a,11);
V t12=LOAD(a,12);
V t13=LOAD(a,13);
V t14=LOAD(a,14);
V t15=LOAD(a,15);
V t16=LOAD(g,0);
V t17=LOAD(g,1);
V t18=LOAD(g,2);
V t19=LOAD(g,3);
V t20=LOAD(g,4);
V t21=LOAD(g,5);
V t22=LOAD(g,6);
V t23=LOAD(g,7);
V t24=LOAD(g,8);
V t25=LOAD(g,9);
V t26=LOAD(g,10);
V t27=LOAD(g,11);
V t28=LOAD(g,12);
V t29=LOAD(g,13);
V t30=LOAD(g,14);
V t31=LOAD(g,15);
V t32=t0*t1;
V t33=t0*t2;
V t34=t0*t3;
V t35=t1*(K[3]*t6-K[4]*t8)+t2*(K[4]*t5)+t3*(K[4]*t4);
V t36=t1*(K[4]*t5)+t2*(K[5]*t6)+t3*(K[4]*t7);
V t37=t1*(K[4]*t4)+t2*(K[4]*t7)+t3*(K[3]*t6+K[4]*t8);
V t38=t4*(K[6]*t13-K[7]*t15)+t5*(K[8]*t12-K[2]*t14)+t6*(K[9]*t11)+t7*(K[2]*t10)+t8*(K[7]*t9+K[10]*t11);
V t39=t4*(K[2]*t10)+t5*(K[11]*t11)+t6*(K[12]*t12)+t7*(K[11]*t13)+t8*(K[2]*t14);
V t40=t4*(K[7]*t9-K[10]*t11)+t5*(K[2]*t10)+t6*(K[9]*t13)+t7*(K[8]*t12+K[2]*t14)+t8*(K[6]*t13+K[7]*t15);
V t41=ZERO;
V t42=ZERO;
V t43=ZERO;
V t44=ZERO;
V t45=ZERO;
V t46=ZERO;
V t47=ZERO;
V t48=ZERO;
V t49=ZERO;
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t50=LOAD(w,8);
t41=t41+t50*t17;
t42=t42+t50*t18;
t43=t43+t50*t19;
sum[0]=sum[0]+t17*t32+t18*t33+t19*t34;
V t51=LOAD(w,9);
t44=t44+t51*t17;
t45=t45+t51*t18;
t46=t46+t51*t19;
sum[1]=sum[1]+t17*t35+t18*t36+t19*t37;
V t52=LOAD(w,10);
t47=t47+t52*t17;
t48=t48+t52*t18;
t49=t49+t52*t19;
sum[2]=sum[2]+t17*t38+t18*t39+t19*t40;
}
V t50=ZERO;
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t51=LOAD(w,27);
V t52=t51*t38;
V t53=t51*t39;
V t54=t51*t40;
V t55=t17;
V t56=t18;
V t57=t19;
t50=t50+t52*t55+t53*t56+t54*t57;
V t58=t0*t55;
V t59=t0*t56;
V t60=t0*t57;
V t61=LOAD(w,27);
t47=t47+t61*t58;
t48=t48+t61*t59;
t49=t49+t61*t60;
sum[3]=sum[3]+t58*t38+t59*t39+t60*t40;
}
V t51=LOAD(da,0);
V t52=t51+t50;
STORE(da,0,t52);
V t53=ZERO;
V t54=ZERO;
V t55=ZERO;
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t56=LOAD(w,23);
V t57=LOAD(w,24);
V t58=t56*t35+t57*t38;
V t59=t56*t36+t57*t39;
V t60=t56*t37+t57*t40;
V t61=K[0]*t16;
t53=t53+t58*t61;
V t62=K[0]*t16;
t54=t54+t59*t62;
V t63=K[0]*t16;
t55=t55+t60*t63;
V t64=t1*t61;
V t65=t2*t62;
V t66=t3*t63;
V t67=LOAD(w,23);
t44=t44+t67*t64;
t45=t45+t67*t65;
t46=t46+t67*t66;
sum[4]=sum[4]+t64*t35+t65*t36+t66*t37;
V t68=LOAD(w,24);
t47=t47+t68*t64;
t48=t48+t68*t65;
t49=t49+t68*t66;
sum[5]=sum[5]+t64*t38+t65*t39+t66*t40;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t56=LOAD(w,40);
V t57=LOAD(w,41);
V t58=LOAD(w,42);
V t59=t56*t32+t57*t35+t58*t38;
V t60=t56*t33+t57*t36+t58*t39;
V t61=t56*t34+t57*t37+t58*t40;
V t62=K[15]*t22-K[14]*t24;
V t63=K[14]*t21;
V t64=K[14]*t20;
t53=t53+t59*t62+t60*t63+t61*t64;
V t65=K[14]*t21;
V t66=K[16]*t22;
V t67=K[14]*t23;
t54=t54+t59*t65+t60*t66+t61*t67;
V t68=K[14]*t20;
V t69=K[14]*t23;
V t70=K[15]*t22+K[14]*t24;
t55=t55+t59*t68+t60*t69+t61*t70;
V t71=t1*t62+t2*t65+t3*t68;
V t72=t1*t63+t2*t66+t3*t69;
V t73=t1*t64+t2*t67+t3*t70;
V t74=LOAD(w,40);
t41=t41+t74*t71;
t42=t42+t74*t72;
t43=t43+t74*t73;
sum[6]=sum[6]+t71*t32+t72*t33+t73*t34;
V t75=LOAD(w,41);
t44=t44+t75*t71;
t45=t45+t75*t72;
t46=t46+t75*t73;
sum[7]=sum[7]+t71*t35+t72*t36+t73*t37;
V t76=LOAD(w,42);
t47=t47+t76*t71;
t48=t48+t76*t72;
t49=t49+t76*t73;
sum[8]=sum[8]+t71*t38+t72*t39+t73*t40;
}
V t56=LOAD(da,1);
V t57=t56+t53;
STORE(da,1,t57);
V t58=LOAD(da,2);
V t59=t58+t54;
STORE(da,2,t59);
V t60=LOAD(da,3);
V t61=t60+t55;
STORE(da,3,t61);
V t62=ZERO;
V t63=ZERO;
V t64=ZERO;
V t65=ZERO;
V t66=ZERO;
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t67=LOAD(w,32);
V t68=LOAD(w,33);
V t69=LOAD(w,34);
V t70=t67*t32+t68*t35+t69*t38;
V t71=t67*t33+t68*t36+t69*t39;
V t72=t67*t34+t68*t37+t69*t40;
V t73=K[4]*t19;
V t74=K[4]*t17;
t62=t62+t70*t73+t72*t74;
V t75=K[4]*t18;
V t76=K[4]*t17;
t63=t63+t70*t75+t71*t76;
V t77=K[3]*t17;
V t78=K[5]*t18;
V t79=K[3]*t19;
t64=t64+t70*t77+t71*t78+t72*t79;
V t80=K[4]*t19;
V t81=K[4]*t18;
t65=t65+t71*t80+t72*t81;
V t82=K[13]*t17;
V t83=K[4]*t19;
t66=t66+t70*t82+t72*t83;
V t84=t4*t73+t5*t75+t6*t77+t8*t82;
V t85=t5*t76+t6*t78+t7*t80;
V t86=t4*t74+t6*t79+t7*t81+t8*t83;
V t87=LOAD(w,32);
t41=t41+t87*t84;
t42=t42+t87*t85;
t43=t43+t87*t86;
sum[9]=sum[9]+t84*t32+t85*t33+t86*t34;
V t88=LOAD(w,33);
t44=t44+t88*t84;
t45=t45+t88*t85;
t46=t46+t88*t86;
sum[10]=sum[10]+t84*t35+t85*t36+t86*t37;
V t89=LOAD(w,34);
t47=t47+t89*t84;
t48=t48+t89*t85;
t49=t49+t89*t86;
sum[11]=sum[11]+t84*t38+t85*t39+t86*t40;
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t67=LOAD(w,56);
V t68=LOAD(w,57);
V t69=LOAD(w,58);
V t70=t67*t32+t68*t35+t69*t38;
V t71=t67*t33+t68*t36+t69*t39;
V t72=t67*t34+t68*t37+t69*t40;
V t73=K[28]*t29-K[14]*t31;
V t74=K[0]*t26;
V t75=K[14]*t25-K[30]*t27;
t62=t62+t70*t73+t71*t74+t72*t75;
V t76=K[31]*t28-K[0]*t30;
V t77=K[29]*t27;
V t78=K[0]*t26;
t63=t63+t70*t76+t71*t77+t72*t78;
V t79=K[5]*t27;
V t80=K[32]*t28;
V t81=K[5]*t29;
t64=t64+t70*t79+t71*t80+t72*t81;
V t82=K[0]*t26;
V t83=K[29]*t29;
V t84=K[31]*t28+K[0]*t30;
t65=t65+t70*t82+t71*t83+t72*t84;
V t85=K[14]*t25+K[30]*t27;
V t86=K[0]*t30;
V t87=K[28]*t29+K[14]*t31;
t66=t66+t70*t85+t71*t86+t72*t87;
V t88=t4*t73+t5*t76+t6*t79+t7*t82+t8*t85;
V t89=t4*t74+t5*t77+t6*t80+t7*t83+t8*t86;
V t90=t4*t75+t5*t78+t6*t81+t7*t84+t8*t87;
V t91=LOAD(w,56);
t41=t41+t91*t88;
t42=t42+t91*t89;
t43=t43+t91*t90;
sum[12]=sum[12]+t88*t32+t89*t33+t90*t34;
V t92=LOAD(w,57);
t44=t44+t92*t88;
t45=t45+t92*t89;
t46=t46+t92*t90;
sum[13]=sum[13]+t88*t35+t89*t36+t90*t37;
V t93=LOAD(w,58);
t47=t47+t93*t88;
t48=t48+t93*t89;
t49=t49+t93*t90;
sum[14]=sum[14]+t88*t38+t89*t39+t90*t40;
}
V t67=LOAD(da,4);
V t68=t67+t62;
STORE(da,4,t68);
V t69=LOAD(da,5);
V t70=t69+t63;
STORE(da,5,t70);
V t71=LOAD(da,6);
V t72=t71+t64;
STORE(da,6,t72);
V t73=LOAD(da,7);
V t74=t73+t65;
STORE(da,7,t74);
V t75=LOAD(da,8);
V t76=t75+t66;
STORE(da,8,t76);
V t77=ZERO;
V t78=ZERO;
V t79=ZERO;
V t80=ZERO;
V t81=ZERO;
V t82=ZERO;
V t83=ZERO;
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t84=LOAD(w,50);
V t85=LOAD(w,51);
V t86=LOAD(w,52);
V t87=t84*t32+t85*t35+t86*t38;
V t88=t84*t33+t85*t36+t86*t39;
V t89=t84*t34+t85*t37+t86*t40;
V t90=K[18]*t24;
V t91=K[18]*t20;
t77=t77+t87*t90+t89*t91;
V t92=K[19]*t23;
V t93=K[19]*t20;
V t94=K[19]*t21;
t78=t78+t87*t92+t88*t93+t89*t94;
V t95=K[25]*t22+K[27]*t24;
V t96=K[22]*t21;
V t97=K[20]*t20;
t79=t79+t87*t95+t88*t96+t89*t97;
V t98=K[23]*t21;
V t99=K[26]*t22;
V t100=K[23]*t23;
t80=t80+t87*t98+t88*t99+t89*t100;
V t101=K[20]*t20;
V t102=K[22]*t23;
V t103=K[25]*t22-K[27]*t24;
t81=t81+t87*t101+t88*t102+t89*t103;
V t104=K[24]*t21;
V t105=K[19]*t24;
V t106=K[19]*t23;
t82=t82+t87*t104+t88*t105+t89*t106;
V t107=K[21]*t20;
V t108=K[18]*t24;
t83=t83+t87*t107+t89*t108;
V t109=t9*t90+t10*t92+t11*t95+t12*t98+t13*t101+t14*t104+t15*t107;
V t110=t10*t93+t11*t96+t12*t99+t13*t102+t14*t105;
V t111=t9*t91+t10*t94+t11*t97+t12*t100+t13*t103+t14*t106+t15*t108;
V t112=LOAD(w,50);
t41=t41+t112*t109;
t42=t42+t112*t110;
t43=t43+t112*t111;
sum[15]=sum[15]+t109*t32+t110*t33+t111*t34;
V t113=LOAD(w,51);
t44=t44+t113*t109;
t45=t45+t113*t110;
t46=t46+t113*t111;
sum[16]=sum[16]+t109*t35+t110*t36+t111*t37;
V t114=LOAD(w,52);
t47=t47+t114*t109;
t48=t48+t114*t110;
t49=t49+t114*t111;
sum[17]=sum[17]+t109*t38+t110*t39+t111*t40;
}
V t84=LOAD(da,9);
V t85=t84+t77;
STORE(da,9,t85);
V t86=LOAD(da,10);
V t87=t86+t78;
STORE(da,10,t87);
V t88=LOAD(da,11);
V t89=t88+t79;
STORE(da,11,t89);
V t90=LOAD(da,12);
V t91=t90+t80;
STORE(da,12,t91);
V t92=LOAD(da,13);
V t93=t92+t81;
STORE(da,13,t93);
V t94=LOAD(da,14);
V t95=t94+t82;
STORE(da,14,t95);
V t96=LOAD(da,15);
V t97=t96+t83;
STORE(da,15,t97);
V t98=t41;
V t99=t42;
V t100=t43;
V t101=t1*t98+t2*t99+t3*t100;
V t102=t0*t98;
V t103=t0*t99;
V t104=t0*t100;
V t105=K[4]*t46;
V t106=K[4]*t45;
V t107=K[3]*t44;
V t108=K[13]*t44;
V t109=K[4]*t44;
V t110=K[5]*t45;
V t111=K[4]*t46;
V t112=K[4]*t44;
V t113=K[3]*t46;
V t114=K[4]*t45;
V t115=K[4]*t46;
t102=t102+t4*t105+t5*t106+t6*t107+t8*t108;
V t116=t1*t105+t3*t112;
V t117=t1*t106+t2*t109;
V t118=t1*t107+t2*t110+t3*t113;
V t119=t1*t108+t3*t115;
t103=t103+t5*t109+t6*t110+t7*t111;
V t120=t2*t111+t3*t114;
t104=t104+t4*t112+t6*t113+t7*t114+t8*t115;
V t121=K[7]*t49;
V t122=K[2]*t48;
V t123=K[6]*t49;
V t124=K[6]*t47;
V t125=K[39]*t47;
V t126=K[2]*t49;
V t127=K[11]*t48;
V t128=K[8]*t47;
V t129=K[23]*t47;
V t130=K[9]*t47;
V t131=K[12]*t48;
V t132=K[9]*t49;
V t133=K[2]*t47;
V t134=K[8]*t49;
V t135=K[11]*t48;
V t136=K[2]*t49;
V t137=K[7]*t47;
V t138=K[10]*t47;
V t139=K[6]*t49;
V t140=K[2]*t48;
V t141=K[7]*t49;
t116=t116+t9*t121+t10*t122+t11*t123+t13*t124+t15*t125;
V t142=t4*t121+t8*t137;
V t143=t4*t122+t5*t126+t7*t133;
V t144=t4*t123+t5*t127+t6*t130+t8*t138;
V t145=t4*t124+t6*t132+t7*t135+t8*t139;
V t146=t4*t125+t8*t141;
t117=t117+t10*t126+t11*t127+t12*t128+t14*t129;
V t147=t5*t128+t6*t131+t7*t134;
V t148=t5*t129+t7*t136+t8*t140;
t118=t118+t11*t130+t12*t131+t13*t132;
t120=t120+t10*t133+t12*t134+t13*t135+t14*t136;
t119=t119+t9*t137+t11*t138+t13*t139+t14*t140+t15*t141;
V t149=LOAD(da,0);
V t150=t149+t101;
STORE(da,0,t150);
V t151=LOAD(da,1);
V t152=t151+t102;
STORE(da,1,t152);
V t153=LOAD(da,2);
V t154=t153+t103;
STORE(da,2,t154);
V t155=LOAD(da,3);
V t156=t155+t104;
STORE(da,3,t156);
V t157=LOAD(da,4);
V t158=t157+t116;
STORE(da,4,t158);
V t159=LOAD(da,5);
V t160=t159+t117;
STORE(da,5,t160);
V t161=LOAD(da,6);
V t162=t161+t118;
STORE(da,6,t162);
V t163=LOAD(da,8);
V t164=t163+t119;
STORE(da,8,t164);
V t165=LOAD(da,7);
V t166=t165+t120;
STORE(da,7,t166);
V t167=LOAD(da,9);
V t168=t167+t142;
STORE(da,9,t168);
V t169=LOAD(da,10);
V t170=t169+t143;
STORE(da,10,t170);
V t171=LOAD(da,11);
V t172=t171+t144;
STORE(da,11,t172);
V t173=LOAD(da,13);
V t174=t173+t145;
STORE(da,13,t174);
V t175=LOAD(da,15);
V t176=t175+t146;
STORE(da,15,t176);
V t177=LOAD(da,12);
V t178=t177+t147;
STORE(da,12,t178);
V t179=LOAD(da,14);
V t180=t179+t148;
STORE(da,14,t180);
}
};

struct Backward2 {
static constexpr int weights = 23;
static constexpr bool first = false, crowded = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {11, 12, 13, 14, 15, 39, 53, 54, 55, 25, 26, 47, 48, 49, 35, 36, 37, 38, 63, 64, 65, 66, 67};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[23]) {
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
V t9=LOAD(a,9);
V t10=LOAD(a,10);
V t11=LOAD(a,11);
V t12=LOAD(a,12);
V t13=LOAD(a,13);
V t14=LOAD(a,14);
V t15=LOAD(a,15);
V t16=LOAD(g,0);
V t17=LOAD(g,1);
V t18=LOAD(g,2);
V t19=LOAD(g,3);
V t20=LOAD(g,4);
V t21=LOAD(g,5);
V t22=LOAD(g,6);
V t23=LOAD(g,7);
V t24=LOAD(g,8);
V t25=LOAD(g,9);
V t26=LOAD(g,10);
V t27=LOAD(g,11);
V t28=LOAD(g,12);
V t29=LOAD(g,13);
V t30=LOAD(g,14);
V t31=LOAD(g,15);
V t32=t0*t4;
V t33=t0*t5;
V t34=t0*t6;
V t35=t0*t7;
V t36=t0*t8;
V t37=t1*(K[34]*t3);
V t38=t1*(K[34]*t2);
V t39=t1*(K[15]*t1)+t2*(K[16]*t2)+t3*(K[15]*t3);
V t40=t2*(K[34]*t3);
V t41=t1*(K[17]*t1)+t3*(K[14]*t3);
V t42=t1*(K[20]*t13-K[18]*t15)+t2*(K[19]*t10)+t3*(K[18]*t9-K[27]*t11);
V t43=t1*(K[23]*t12-K[19]*t14)+t2*(K[22]*t11)+t3*(K[19]*t10);
V t44=t1*(K[25]*t11)+t2*(K[26]*t12)+t3*(K[25]*t13);
V t45=t1*(K[19]*t10)+t2*(K[22]*t13)+t3*(K[23]*t12+K[19]*t14);
V t46=t1*(K[18]*t9+K[27]*t11)+t2*(K[19]*t14)+t3*(K[20]*t13+K[18]*t15);
V t47=t4*(K[35]*t6)+t5*(K[36]*t7);
V t48=t4*(K[36]*t7)+t5*(K[25]*t6-K[36]*t8);
V t49=t4*(K[37]*t4)+t5*(K[38]*t5)+t6*(K[25]*t6)+t7*(K[38]*t7)+t8*(K[37]*t8);
V t50=t4*(K[36]*t5)+t6*(K[25]*t7)+t7*(K[36]*t8);
V t51=t5*(K[39]*t5)+t6*(K[35]*t8)+t7*(K[7]*t7);
V t52=t9*(K[24]*t13)+t10*(K[40]*t12)+t11*(K[41]*t13+K[19]*t15);
V t53=t9*(K[42]*t14)+t10*(K[18]*t13-K[42]*t15)+t11*(K[43]*t12-K[18]*t14);
V t54=t9*(K[44]*t9)+t11*(K[45]*t11)+t12*(K[46]*t12)+t13*(K[45]*t13)+t15*(K[44]*t15);
V t55=t9*(K[42]*t10)+t10*(K[18]*t11)+t12*(K[43]*t13)+t13*(K[18]*t14)+t14*(K[42]*t15);
V t56=t9*(K[24]*t11)+t11*(K[23]*t11)+t12*(K[40]*t14)+t13*(K[2]*t13-K[19]*t15);
V t57=ZERO;
V t58=ZERO;
V t59=ZERO;
V t60=ZERO;
V t61=ZERO;
V t62=ZERO;
V t63=ZERO;
V t64=ZERO;
V t65=ZERO;
V t66=ZERO;
V t67=ZERO;
V t68=ZERO;
V t69=ZERO;
V t70=ZERO;
V t71=ZERO;
V t72=ZERO;
V t73=ZERO;
V t74=ZERO;
V t75=ZERO;
V t76=ZERO;
V t77=ZERO;
V t78=ZERO;
V t79=ZERO;
V t80=ZERO;
V t81=ZERO;
if (CORRELATION>1 and OUTPUTS>>2&1) {
V t82=LOAD(w,11);
t57=t57+t82*t20;
t58=t58+t82*t21;
t59=t59+t82*t22;
t60=t60+t82*t23;
t61=t61+t82*t24;
sum[0]=sum[0]+t20*t32+t21*t33+t22*t34+t23*t35+t24*t36;
V t83=LOAD(w,12);
t62=t62+t83*t20;
t63=t63+t83*t21;
t64=t64+t83*t22;
t65=t65+t83*t23;
t66=t66+t83*t24;
sum[1]=sum[1]+t20*t37+t21*t38+t22*t39+t23*t40+t24*t41;
V t84=LOAD(w,13);
t67=t67+t84*t20;
t68=t68+t84*t21;
t69=t69+t84*t22;
t70=t70+t84*t23;
t71=t71+t84*t24;
sum[2]=sum[2]+t20*t42+t21*t43+t22*t44+t23*t45+t24*t46;
V t85=LOAD(w,14);
t72=t72+t85*t20;
t73=t73+t85*t21;
t74=t74+t85*t22;
t75=t75+t85*t23;
t76=t76+t85*t24;
sum[3]=sum[3]+t20*t47+t21*t48+t22*t49+t23*t50+t24*t51;
V t86=LOAD(w,15);
t77=t77+t86*t20;
t78=t78+t86*t21;
t79=t79+t86*t22;
t80=t80+t86*t23;
t81=t81+t86*t24;
sum[4]=sum[4]+t20*t52+t21*t53+t22*t54+t23*t55+t24*t56;
}
V t82=ZERO;
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t83=LOAD(w,39);
V t84=t83*t52;
V t85=t83*t53;
V t86=t83*t54;
V t87=t83*t55;
V t88=t83*t56;
V t89=t20;
V t90=t21;
V t91=t22;
V t92=t23;
V t93=t24;
t82=t82+t84*t89+t85*t90+t86*t91+t87*t92+t88*t93;
V t94=t0*t89;
V t95=t0*t90;
V t96=t0*t91;
V t97=t0*t92;
V t98=t0*t93;
V t99=LOAD(w,39);
t77=t77+t99*t94;
t78=t78+t99*t95;
t79=t79+t99*t96;
t80=t80+t99*t97;
t81=t81+t99*t98;
sum[5]=sum[5]+t94*t52+t95*t53+t96*t54+t97*t55+t98*t56;
}
V t83=LOAD(da,0);
V t84=t83+t82;
STORE(da,0,t84);
V t85=ZERO;
V t86=ZERO;
V t87=ZERO;
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t88=LOAD(w,53);
V t89=LOAD(w,54);
V t90=LOAD(w,55);
V t91=t88*t37+t89*t47+t90*t52;
V t92=t88*t38+t89*t48+t90*t53;
V t93=t88*t39+t89*t49+t90*t54;
V t94=t88*t40+t89*t50+t90*t55;
V t95=t88*t41+t89*t51+t90*t56;
V t96=K[28]*t29-K[14]*t31;
V t97=K[31]*t28-K[0]*t30;
V t98=K[5]*t27;
V t99=K[0]*t26;
V t100=K[14]*t25+K[30]*t27;
t85=t85+t91*t96+t92*t97+t93*t98+t94*t99+t95*t100;
V t101=K[0]*t26;
V t102=K[29]*t27;
V t103=K[32]*t28;
V t104=K[29]*t29;
V t105=K[0]*t30;
t86=t86+t91*t101+t92*t102+t93*t103+t94*t104+t95*t105;
V t106=K[14]*t25-K[30]*t27;
V t107=K[0]*t26;
V t108=K[5]*t29;
V t109=K[31]*t28+K[0]*t30;
V t110=K[28]*t29+K[14]*t31;
t87=t87+t91*t106+t92*t107+t93*t108+t94*t109+t95*t110;
V t111=t1*t96+t2*t101+t3*t106;
V t112=t1*t97+t2*t102+t3*t107;
V t113=t1*t98+t2*t103+t3*t108;
V t114=t1*t99+t2*t104+t3*t109;
V t115=t1*t100+t2*t105+t3*t110;
V t116=LOAD(w,53);
t62=t62+t116*t111;
t63=t63+t116*t112;
t64=t64+t116*t113;
t65=t65+t116*t114;
t66=t66+t116*t115;
sum[6]=sum[6]+t111*t37+t112*t38+t113*t39+t114*t40+t115*t41;
V t117=LOAD(w,54);
t72=t72+t117*t111;
t73=t73+t117*t112;
t74=t74+t117*t113;
t75=t75+t117*t114;
t76=t76+t117*t115;
sum[7]=sum[7]+t111*t47+t112*t48+t113*t49+t114*t50+t115*t51;
V t118=LOAD(w,55);
t77=t77+t118*t111;
t78=t78+t118*t112;
t79=t79+t118*t113;
t80=t80+t118*t114;
t81=t81+t118*t115;
sum[8]=sum[8]+t111*t52+t112*t53+t113*t54+t114*t55+t115*t56;
}
V t88=LOAD(da,1);
V t89=t88+t85;
STORE(da,1,t89);
V t90=LOAD(da,2);
V t91=t90+t86;
STORE(da,2,t91);
V t92=LOAD(da,3);
V t93=t92+t87;
STORE(da,3,t93);
V t94=ZERO;
V t95=ZERO;
V t96=ZERO;
V t97=ZERO;
V t98=ZERO;
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t99=LOAD(w,25);
V t100=LOAD(w,26);
V t101=t99*t47+t100*t52;
V t102=t99*t48+t100*t53;
V t103=t99*t49+t100*t54;
V t104=t99*t50+t100*t55;
V t105=t99*t51+t100*t56;
V t106=K[1]*t16;
t94=t94+t101*t106;
V t107=K[1]*t16;
t95=t95+t102*t107;
V t108=K[1]*t16;
t96=t96+t103*t108;
V t109=K[1]*t16;
t97=t97+t104*t109;
V t110=K[1]*t16;
t98=t98+t105*t110;
V t111=t4*t106;
V t112=t5*t107;
V t113=t6*t108;
V t114=t7*t109;
V t115=t8*t110;
V t116=LOAD(w,25);
t72=t72+t116*t111;
t73=t73+t116*t112;
t74=t74+t116*t113;
t75=t75+t116*t114;
t76=t76+t116*t115;
sum[9]=sum[9]+t111*t47+t112*t48+t113*t49+t114*t50+t115*t51;
V t117=LOAD(w,26);
t77=t77+t117*t111;
t78=t78+t117*t112;
t79=t79+t117*t113;
t80=t80+t117*t114;
t81=t81+t117*t115;
sum[10]=sum[10]+t111*t52+t112*t53+t113*t54+t114*t55+t115*t56;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t99=LOAD(w,47);
V t100=LOAD(w,48);
V t101=LOAD(w,49);
V t102=t99*t32+t100*t42+t101*t52;
V t103=t99*t33+t100*t43+t101*t53;
V t104=t99*t34+t100*t44+t101*t54;
V t105=t99*t35+t100*t45+t101*t55;
V t106=t99*t36+t100*t46+t101*t56;
V t107=K[37]*t22;
V t108=K[7]*t23;
V t109=K[37]*t20;
V t110=K[7]*t21;
t94=t94+t102*t107+t103*t108+t104*t109+t105*t110;
V t111=K[7]*t23;
V t112=K[38]*t22-K[7]*t24;
V t113=K[38]*t21;
V t114=K[7]*t20;
V t115=K[39]*t21;
t95=t95+t102*t111+t103*t112+t104*t113+t105*t114+t106*t115;
V t116=K[37]*t20;
V t117=K[38]*t21;
V t118=K[25]*t22;
V t119=K[38]*t23;
V t120=K[37]*t24;
t96=t96+t102*t116+t103*t117+t104*t118+t105*t119+t106*t120;
V t121=K[7]*t21;
V t122=K[7]*t20;
V t123=K[38]*t23;
V t124=K[38]*t22+K[7]*t24;
V t125=K[7]*t23;
t97=t97+t102*t121+t103*t122+t104*t123+t105*t124+t106*t125;
V t126=K[39]*t21;
V t127=K[37]*t24;
V t128=K[7]*t23;
V t129=K[37]*t22;
t98=t98+t103*t126+t104*t127+t105*t128+t106*t129;
V t130=t4*t107+t5*t111+t6*t116+t7*t121;
V t131=t4*t108+t5*t112+t6*t117+t7*t122+t8*t126;
V t132=t4*t109+t5*t113+t6*t118+t7*t123+t8*t127;
V t133=t4*t110+t5*t114+t6*t119+t7*t124+t8*t128;
V t134=t5*t115+t6*t120+t7*t125+t8*t129;
V t135=LOAD(w,47);
t57=t57+t135*t130;
t58=t58+t135*t131;
t59=t59+t135*t132;
t60=t60+t135*t133;
t61=t61+t135*t134;
sum[11]=sum[11]+t130*t32+t131*t33+t132*t34+t133*t35+t134*t36;
V t136=LOAD(w,48);
t67=t67+t136*t130;
t68=t68+t136*t131;
t69=t69+t136*t132;
t70=t70+t136*t133;
t71=t71+t136*t134;
sum[12]=sum[12]+t130*t42+t131*t43+t132*t44+t133*t45+t134*t46;
V t137=LOAD(w,49);
t77=t77+t137*t130;
t78=t78+t137*t131;
t79=t79+t137*t132;
t80=t80+t137*t133;
t81=t81+t137*t134;
sum[13]=sum[13]+t130*t52+t131*t53+t132*t54+t133*t55+t134*t56;
}
V t99=LOAD(da,4);
V t100=t99+t94;
STORE(da,4,t100);
V t101=LOAD(da,5);
V t102=t101+t95;
STORE(da,5,t102);
V t103=LOAD(da,6);
V t104=t103+t96;
STORE(da,6,t104);
V t105=LOAD(da,7);
V t106=t105+t97;
STORE(da,7,t106);
V t107=LOAD(da,8);
V t108=t107+t98;
STORE(da,8,t108);
V t109=ZERO;
V t110=ZERO;
V t111=ZERO;
V t112=ZERO;
V t113=ZERO;
V t114=ZERO;
V t115=ZERO;
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t116=LOAD(w,35);
V t117=LOAD(w,36);
V t118=LOAD(w,37);
V t119=LOAD(w,38);
V t120=t116*t37+t117*t42+t118*t47+t119*t52;
V t121=t116*t38+t117*t43+t118*t48+t119*t53;
V t122=t116*t39+t117*t44+t118*t49+t119*t54;
V t123=t116*t40+t117*t45+t118*t50+t119*t55;
V t124=t116*t41+t117*t46+t118*t51+t119*t56;
V t125=K[7]*t19;
V t126=K[7]*t17;
t109=t109+t120*t125+t124*t126;
V t127=K[2]*t18;
V t128=K[2]*t19;
V t129=K[2]*t17;
t110=t110+t120*t127+t121*t128+t123*t129;
V t130=K[6]*t19;
V t131=K[11]*t18;
V t132=K[9]*t17;
V t133=K[10]*t17;
t111=t111+t120*t130+t121*t131+t122*t132+t124*t133;
V t134=K[8]*t17;
V t135=K[12]*t18;
V t136=K[8]*t19;
t112=t112+t121*t134+t122*t135+t123*t136;
V t137=K[6]*t17;
V t138=K[9]*t19;
V t139=K[11]*t18;
V t140=K[6]*t19;
t113=t113+t120*t137+t122*t138+t123*t139+t124*t140;
V t141=K[23]*t17;
V t142=K[2]*t19;
V t143=K[2]*t18;
t114=t114+t121*t141+t123*t142+t124*t143;
V t144=K[39]*t17;
V t145=K[7]*t19;
t115=t115+t120*t144+t124*t145;
V t146=t9*t125+t10*t127+t11*t130+t13*t137+t15*t144;
V t147=t10*t128+t11*t131+t12*t134+t14*t141;
V t148=t11*t132+t12*t135+t13*t138;
V t149=t10*t129+t12*t136+t13*t139+t14*t142;
V t150=t9*t126+t11*t133+t13*t140+t14*t143+t15*t145;
V t151=LOAD(w,35);
t62=t62+t151*t146;
t63=t63+t151*t147;
t64=t64+t151*t148;
t65=t65+t151*t149;
t66=t66+t151*t150;
sum[14]=sum[14]+t146*t37+t147*t38+t148*t39+t149*t40+t150*t41;
V t152=LOAD(w,36);
t67=t67+t152*t146;
t68=t68+t152*t147;
t69=t69+t152*t148;
t70=t70+t152*t149;
t71=t71+t152*t150;
sum[15]=sum[15]+t146*t42+t147*t43+t148*t44+t149*t45+t150*t46;
V t153=LOAD(w,37);
t72=t72+t153*t146;
t73=t73+t153*t147;
t74=t74+t153*t148;
t75=t75+t153*t149;
t76=t76+t153*t150;
sum[16]=sum[16]+t146*t47+t147*t48+t148*t49+t149*t50+t150*t51;
V t154=LOAD(w,38);
t77=t77+t154*t146;
t78=t78+t154*t147;
t79=t79+t154*t148;
t80=t80+t154*t149;
t81=t81+t154*t150;
sum[17]=sum[17]+t146*t52+t147*t53+t148*t54+t149*t55+t150*t56;
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t116=LOAD(w,63);
V t117=LOAD(w,64);
V t118=LOAD(w,65);
V t119=LOAD(w,66);
V t120=LOAD(w,67);
V t121=t116*t32+t117*t37+t118*t42+t119*t47+t120*t52;
V t122=t116*t33+t117*t38+t118*t43+t119*t48+t120*t53;
V t123=t116*t34+t117*t39+t118*t44+t119*t49+t120*t54;
V t124=t116*t35+t117*t40+t118*t45+t119*t50+t120*t55;
V t125=t116*t36+t117*t41+t118*t46+t119*t51+t120*t56;
V t126=K[49]*t29;
V t127=K[48]*t30;
V t128=K[47]*t25;
V t129=K[48]*t26;
V t130=K[49]*t27;
t109=t109+t121*t126+t122*t127+t123*t128+t124*t129+t125*t130;
V t131=K[33]*t28;
V t132=K[50]*t29-K[48]*t31;
V t133=K[48]*t25+K[50]*t27;
t110=t110+t121*t131+t122*t132+t124*t133;
V t134=K[1]*t29+K[54]*t31;
V t135=K[30]*t28-K[50]*t30;
V t136=K[52]*t27;
V t137=K[50]*t26;
V t138=K[49]*t25-K[1]*t27;
t111=t111+t121*t134+t122*t135+t123*t136+t124*t137+t125*t138;
V t139=K[33]*t26;
V t140=K[30]*t27;
V t141=K[55]*t28;
V t142=K[30]*t29;
V t143=K[33]*t30;
t112=t112+t121*t139+t122*t140+t123*t141+t124*t142+t125*t143;
V t144=K[49]*t25+K[1]*t27;
V t145=K[50]*t26;
V t146=K[52]*t29;
V t147=K[30]*t28+K[50]*t30;
V t148=K[1]*t29-K[54]*t31;
t113=t113+t121*t144+t122*t145+t123*t146+t124*t147+t125*t148;
V t149=K[48]*t25-K[50]*t27;
V t150=K[50]*t29+K[48]*t31;
V t151=K[33]*t28;
t114=t114+t122*t149+t124*t150+t125*t151;
V t152=K[54]*t27;
V t153=K[51]*t26;
V t154=K[47]*t31;
V t155=K[48]*t30;
V t156=K[49]*t29;
t115=t115+t121*t152+t122*t153+t123*t154+t124*t155+t125*t156;
V t157=t9*t126+t10*t131+t11*t134+t12*t139+t13*t144+t15*t152;
V t158=t9*t127+t10*t132+t11*t135+t12*t140+t13*t145+t14*t149+t15*t153;
V t159=t9*t128+t11*t136+t12*t141+t13*t146+t15*t154;
V t160=t9*t129+t10*t133+t11*t137+t12*t142+t13*t147+t14*t150+t15*t155;
V t161=t9*t130+t11*t138+t12*t143+t13*t148+t14*t151+t15*t156;
V t162=LOAD(w,63);
t57=t57+t162*t157;
t58=t58+t162*t158;
t59=t59+t162*t159;
t60=t60+t162*t160;
t61=t61+t162*t161;
sum[18]=sum[18]+t157*t32+t158*t33+t159*t34+t160*t35+t161*t36;
V t163=LOAD(w,64);
t62=t62+t163*t157;
t63=t63+t163*t158;
t64=t64+t163*t159;
t65=t65+t163*t160;
t66=t66+t163*t161;
sum[19]=sum[19]+t157*t37+t158*t38+t159*t39+t160*t40+t161*t41;
V t164=LOAD(w,65);
t67=t67+t164*t157;
t68=t68+t164*t158;
t69=t69+t164*t159;
t70=t70+t164*t160;
t71=t71+t164*t161;
sum[20]=sum[20]+t157*t42+t158*t43+t159*t44+t160*t45+t161*t46;
V t165=LOAD(w,66);
t72=t72+t165*t157;
t73=t73+t165*t158;
t74=t74+t165*t159;
t75=t75+t165*t160;
t76=t76+t165*t161;
sum[21]=sum[21]+t157*t47+t158*t48+t159*t49+t160*t50+t161*t51;
V t166=LOAD(w,67);
t77=t77+t166*t157;
t78=t78+t166*t158;
t79=t79+t166*t159;
t80=t80+t166*t160;
t81=t81+t166*t161;
sum[22]=sum[22]+t157*t52+t158*t53+t159*t54+t160*t55+t161*t56;
}
V t116=LOAD(da,9);
V t117=t116+t109;
STORE(da,9,t117);
V t118=LOAD(da,10);
V t119=t118+t110;
STORE(da,10,t119);
V t120=LOAD(da,11);
V t121=t120+t111;
STORE(da,11,t121);
V t122=LOAD(da,12);
V t123=t122+t112;
STORE(da,12,t123);
V t124=LOAD(da,13);
V t125=t124+t113;
STORE(da,13,t125);
V t126=LOAD(da,14);
V t127=t126+t114;
STORE(da,14,t127);
V t128=LOAD(da,15);
V t129=t128+t115;
STORE(da,15,t129);
V t130=t57;
V t131=t58;
V t132=t59;
V t133=t60;
V t134=t61;
V t135=t4*t130+t5*t131+t6*t132+t7*t133+t8*t134;
V t136=t0*t130;
V t137=t0*t131;
V t138=t0*t132;
V t139=t0*t133;
V t140=t0*t134;
V t141=K[59]*t64-K[34]*t66;
V t142=K[34]*t63;
V t143=K[34]*t62;
V t144=K[60]*t64;
V t145=K[34]*t65;
V t146=K[59]*t64+K[34]*t66;
V t147=t1*t141+t2*t142+t3*t143;
V t148=t1*t142+t2*t144+t3*t145;
V t149=t1*t143+t2*t145+t3*t146;
V t150=K[18]*t71;
V t151=K[19]*t70;
V t152=K[25]*t69+K[27]*t71;
V t153=K[23]*t68;
V t154=K[20]*t67;
V t155=K[24]*t68;
V t156=K[21]*t67;
V t157=K[19]*t67;
V t158=K[22]*t68;
V t159=K[26]*t69;
V t160=K[22]*t70;
V t161=K[19]*t71;
V t162=K[18]*t67;
V t163=K[19]*t68;
V t164=K[20]*t67;
V t165=K[23]*t70;
V t166=K[25]*t69-K[27]*t71;
V t167=K[19]*t70;
V t168=K[18]*t71;
t147=t147+t9*t150+t10*t151+t11*t152+t12*t153+t13*t154+t14*t155+t15*t156;
V t169=t1*t150+t3*t162;
V t170=t1*t151+t2*t157+t3*t163;
V t171=t1*t152+t2*t158+t3*t164;
V t172=t1*t153+t2*t159+t3*t165;
V t173=t1*t154+t2*t160+t3*t166;
V t174=t1*t155+t2*t161+t3*t167;
V t175=t1*t156+t3*t168;
t148=t148+t10*t157+t11*t158+t12*t159+t13*t160+t14*t161;
t149=t149+t9*t162+t10*t163+t11*t164+t12*t165+t13*t166+t14*t167+t15*t168;
V t176=K[35]*t74;
V t177=K[36]*t75;
V t178=K[35]*t72;
V t179=K[36]*t73;
V t180=K[25]*t74-K[36]*t76;
V t181=K[25]*t73;
V t182=K[36]*t72;
V t183=K[61]*t73;
V t184=K[62]*t74;
V t185=K[25]*t75;
V t186=K[35]*t76;
V t187=K[25]*t74+K[36]*t76;
V t188=K[36]*t75;
V t189=K[35]*t74;
t136=t136+t4*t176+t5*t177+t6*t178+t7*t179;
t137=t137+t4*t177+t5*t180+t6*t181+t7*t182+t8*t183;
t138=t138+t4*t178+t5*t181+t6*t184+t7*t185+t8*t186;
t139=t139+t4*t179+t5*t182+t6*t185+t7*t187+t8*t188;
t140=t140+t5*t183+t6*t186+t7*t188+t8*t189;
V t190=K[63]*t79;
V t191=K[42]*t80;
V t192=K[24]*t81;
V t193=K[24]*t77;
V t194=K[42]*t78;
V t195=K[18]*t80;
V t196=K[40]*t77;
V t197=K[18]*t78;
V t198=K[64]*t78;
V t199=K[26]*t79-K[41]*t81;
V t200=K[43]*t78;
V t201=K[41]*t77;
V t202=K[21]*t78;
V t203=K[19]*t77;
V t204=K[65]*t79;
V t205=K[43]*t80;
V t206=K[40]*t81;
V t207=K[26]*t79+K[41]*t81;
V t208=K[18]*t80;
V t209=K[24]*t81;
V t210=K[42]*t80;
V t211=K[63]*t79;
t169=t169+t9*t190+t10*t191+t11*t192+t13*t193+t14*t194;
t170=t170+t9*t191+t11*t195+t12*t196+t13*t197+t15*t198;
t171=t171+t9*t192+t10*t195+t11*t199+t12*t200+t13*t201+t14*t202+t15*t203;
t173=t173+t9*t193+t10*t197+t11*t201+t12*t205+t13*t207+t14*t208+t15*t209;
t174=t174+t9*t194+t11*t202+t12*t206+t13*t208+t15*t210;
t172=t172+t10*t196+t11*t200+t12*t204+t13*t205+t14*t206;
t175=t175+t10*t198+t11*t203+t13*t209+t14*t210+t15*t211;
V t212=LOAD(da,0);
V t213=t212+t135;
STORE(da,0,t213);
V t214=LOAD(da,4);
V t215=t214+t136;
STORE(da,4,t215);
V t216=LOAD(da,5);
V t217=t216+t137;
STORE(da,5,t217);
V t218=LOAD(da,6);
V t219=t218+t138;
STORE(da,6,t219);
V t220=LOAD(da,7);
V t221=t220+t139;
STORE(da,7,t221);
V t222=LOAD(da,8);
V t223=t222+t140;
STORE(da,8,t223);
V t224=LOAD(da,1);
V t225=t224+t147;
STORE(da,1,t225);
V t226=LOAD(da,2);
V t227=t226+t148;
STORE(da,2,t227);
V t228=LOAD(da,3);
V t229=t228+t149;
STORE(da,3,t229);
V t230=LOAD(da,9);
V t231=t230+t169;
STORE(da,9,t231);
V t232=LOAD(da,10);
V t233=t232+t170;
STORE(da,10,t233);
V t234=LOAD(da,11);
V t235=t234+t171;
STORE(da,11,t235);
V t236=LOAD(da,12);
V t237=t236+t172;
STORE(da,12,t237);
V t238=LOAD(da,13);
V t239=t238+t173;
STORE(da,13,t239);
V t240=LOAD(da,14);
V t241=t240+t174;
STORE(da,14,t241);
V t242=LOAD(da,15);
V t243=t242+t175;
STORE(da,15,t243);
}
};

struct Backward3 {
static constexpr int weights = 3;
static constexpr bool first = false, crowded = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {16, 17, 18};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[3]) {
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
V t9=LOAD(a,9);
V t10=LOAD(a,10);
V t11=LOAD(a,11);
V t12=LOAD(a,12);
V t13=LOAD(a,13);
V t14=LOAD(a,14);
V t15=LOAD(a,15);
V t16=LOAD(g,9);
V t17=LOAD(g,10);
V t18=LOAD(g,11);
V t19=LOAD(g,12);
V t20=LOAD(g,13);
V t21=LOAD(g,14);
V t22=LOAD(g,15);
V t23=t0*t9;
V t24=t0*t10;
V t25=t0*t11;
V t26=t0*t12;
V t27=t0*t13;
V t28=t0*t14;
V t29=t0*t15;
V t30=t1*(K[14]*t8)+t3*(K[14]*t4);
V t31=t1*(K[0]*t7)+t2*(K[0]*t4)+t3*(K[0]*t5);
V t32=t1*(K[5]*t6+K[30]*t8)+t2*(K[29]*t5)+t3*(K[28]*t4);
V t33=t1*(K[31]*t5)+t2*(K[32]*t6)+t3*(K[31]*t7);
V t34=t1*(K[28]*t4)+t2*(K[29]*t7)+t3*(K[5]*t6-K[30]*t8);
V t35=t1*(K[33]*t5)+t2*(K[0]*t8)+t3*(K[0]*t7);
V t36=t1*(K[17]*t4)+t3*(K[14]*t8);
V t37=t4*(K[49]*t13)+t5*(K[48]*t14)+t6*(K[47]*t9)+t7*(K[48]*t10)+t8*(K[49]*t11);
V t38=t4*(K[33]*t12)+t5*(K[50]*t13-K[48]*t15)+t7*(K[48]*t9+K[50]*t11);
V t39=t4*(K[1]*t13+K[54]*t15)+t5*(K[30]*t12-K[50]*t14)+t6*(K[52]*t11)+t7*(K[50]*t10)+t8*(K[49]*t9-K[1]*t11);
V t40=t4*(K[33]*t10)+t5*(K[30]*t11)+t6*(K[55]*t12)+t7*(K[30]*t13)+t8*(K[33]*t14);
V t41=t4*(K[49]*t9+K[1]*t11)+t5*(K[50]*t10)+t6*(K[52]*t13)+t7*(K[30]*t12+K[50]*t14)+t8*(K[1]*t13-K[54]*t15);
V t42=t5*(K[48]*t9-K[50]*t11)+t7*(K[50]*t13+K[48]*t15)+t8*(K[33]*t12);
V t43=t4*(K[54]*t11)+t5*(K[51]*t10)+t6*(K[47]*t15)+t7*(K[48]*t14)+t8*(K[49]*t13);
V t44=ZERO;
V t45=ZERO;
V t46=ZERO;
V t47=ZERO;
V t48=ZERO;
V t49=ZERO;
V t50=ZERO;
V t51=ZERO;
V t52=ZERO;
V t53=ZERO;
V t54=ZERO;
V t55=ZERO;
V t56=ZERO;
V t57=ZERO;
V t58=ZERO;
V t59=ZERO;
V t60=ZERO;
V t61=ZERO;
V t62=ZERO;
V t63=ZERO;
V t64=ZERO;
if (CORRELATION>1 and OUTPUTS>>3&1) {
V t65=LOAD(w,16);
t44=t44+t65*t16;
t45=t45+t65*t17;
t46=t46+t65*t18;
t47=t47+t65*t19;
t48=t48+t65*t20;
t49=t49+t65*t21;
t50=t50+t65*t22;
sum[0]=sum[0]+t16*t23+t17*t24+t18*t25+t19*t26+t20*t27+t21*t28+t22*t29;
V t66=LOAD(w,17);
t51=t51+t66*t16;
t52=t52+t66*t17;
t53=t53+t66*t18;
t54=t54+t66*t19;
t55=t55+t66*t20;
t56=t56+t66*t21;
t57=t57+t66*t22;
sum[1]=sum[1]+t16*t30+t17*t31+t18*t32+t19*t33+t20*t34+t21*t35+t22*t36;
V t67=LOAD(w,18);
t58=t58+t67*t16;
t59=t59+t67*t17;
t60=t60+t67*t18;
t61=t61+t67*t19;
t62=t62+t67*t20;
t63=t63+t67*t21;
t64=t64+t67*t22;
sum[2]=sum[2]+t16*t37+t17*t38+t18*t39+t19*t40+t20*t41+t21*t42+t22*t43;
}
V t65=t44;
V t66=t45;
V t67=t46;
V t68=t47;
V t69=t48;
V t70=t49;
V t71=t50;
V t72=t9*t65+t10*t66+t11*t67+t12*t68+t13*t69+t14*t70+t15*t71;
V t73=t0*t65;
V t74=t0*t66;
V t75=t0*t67;
V t76=t0*t68;
V t77=t0*t69;
V t78=t0*t70;
V t79=t0*t71;
V t80=K[28]*t55-K[14]*t57;
V t81=K[31]*t54-K[0]*t56;
V t82=K[5]*t53;
V t83=K[0]*t52;
V t84=K[14]*t51+K[30]*t53;
V t85=K[0]*t52;
V t86=K[29]*t53;
V t87=K[32]*t54;
V t88=K[29]*t55;
V t89=K[0]*t56;
V t90=K[14]*t51-K[30]*t53;
V t91=K[0]*t52;
V t92=K[5]*t55;
V t93=K[31]*t54+K[0]*t56;
V t94=K[28]*t55+K[14]*t57;
V t95=t4*t80+t5*t81+t6*t82+t7*t83+t8*t84;
V t96=t1*t80+t2*t85+t3*t90;
V t97=t1*t81+t2*t86+t3*t91;
V t98=t1*t82+t2*t87+t3*t92;
V t99=t1*t83+t2*t88+t3*t93;
V t100=t1*t84+t2*t89+t3*t94;
V t101=t4*t85+t5*t86+t6*t87+t7*t88+t8*t89;
V t102=t4*t90+t5*t91+t6*t92+t7*t93+t8*t94;
V t103=K[49]*t62;
V t104=K[33]*t61;
V t105=K[1]*t62+K[54]*t64;
V t106=K[33]*t59;
V t107=K[49]*t58+K[1]*t60;
V t108=K[54]*t60;
V t109=K[48]*t63;
V t110=K[50]*t62-K[48]*t64;
V t111=K[30]*t61-K[50]*t63;
V t112=K[30]*t60;
V t113=K[50]*t59;
V t114=K[48]*t58-K[50]*t60;
V t115=K[51]*t59;
V t116=K[47]*t58;
V t117=K[52]*t60;
V t118=K[55]*t61;
V t119=K[52]*t62;
V t120=K[47]*t64;
V t121=K[48]*t59;
V t122=K[48]*t58+K[50]*t60;
V t123=K[50]*t59;
V t124=K[30]*t62;
V t125=K[30]*t61+K[50]*t63;
V t126=K[50]*t62+K[48]*t64;
V t127=K[48]*t63;
V t128=K[49]*t60;
V t129=K[49]*t58-K[1]*t60;
V t130=K[33]*t63;
V t131=K[1]*t62-K[54]*t64;
V t132=K[33]*t61;
V t133=K[49]*t62;
t96=t96+t9*t103+t10*t104+t11*t105+t12*t106+t13*t107+t15*t108;
t73=t73+t4*t103+t5*t109+t6*t116+t7*t121+t8*t128;
t74=t74+t4*t104+t5*t110+t7*t122;
t75=t75+t4*t105+t5*t111+t6*t117+t7*t123+t8*t129;
t76=t76+t4*t106+t5*t112+t6*t118+t7*t124+t8*t130;
t77=t77+t4*t107+t5*t113+t6*t119+t7*t125+t8*t131;
t79=t79+t4*t108+t5*t115+t6*t120+t7*t127+t8*t133;
t97=t97+t9*t109+t10*t110+t11*t111+t12*t112+t13*t113+t14*t114+t15*t115;
t78=t78+t5*t114+t7*t126+t8*t132;
t98=t98+t9*t116+t11*t117+t12*t118+t13*t119+t15*t120;
t99=t99+t9*t121+t10*t122+t11*t123+t12*t124+t13*t125+t14*t126+t15*t127;
t100=t100+t9*t128+t11*t129+t12*t130+t13*t131+t14*t132+t15*t133;
V t134=LOAD(da,0);
V t135=t134+t72;
STORE(da,0,t135);
V t136=LOAD(da,9);
V t137=t136+t73;
STORE(da,9,t137);
V t138=LOAD(da,10);
V t139=t138+t74;
STORE(da,10,t139);
V t140=LOAD(da,11);
V t141=t140+t75;
STORE(da,11,t141);
V t142=LOAD(da,12);
V t143=t142+t76;
STORE(da,12,t143);
V t144=LOAD(da,13);
V t145=t144+t77;
STORE(da,13,t145);
V t146=LOAD(da,14);
V t147=t146+t78;
STORE(da,14,t147);
V t148=LOAD(da,15);
V t149=t148+t79;
STORE(da,15,t149);
V t150=LOAD(da,1);
V t151=t150+t95;
STORE(da,1,t151);
V t152=LOAD(da,4);
V t153=t152+t96;
STORE(da,4,t153);
V t154=LOAD(da,5);
V t155=t154+t97;
STORE(da,5,t155);
V t156=LOAD(da,6);
V t157=t156+t98;
STORE(da,6,t157);
V t158=LOAD(da,7);
V t159=t158+t99;
STORE(da,7,t159);
V t160=LOAD(da,8);
V t161=t160+t100;
STORE(da,8,t161);
V t162=LOAD(da,2);
V t163=t162+t101;
STORE(da,2,t163);
V t164=LOAD(da,3);
V t165=t164+t102;
STORE(da,3,t165);
}
};

struct Programs {
  static constexpr int lmax = 3;
  static constexpr __host__ __device__ int folded(int order) {
    return order == 1 ? 4 : order == 2 ? 19 : 68;
  }
  using Forward = lmax3::Forward;
  using Backward = List<Backward0, Backward1, Backward2, Backward3>;
};

}  // namespace lmax3

FL_DEFINE_CONTRACTION(lmax3::Programs, float)
FL_DEFINE_CONTRACTION(lmax3::Programs, double)

}  // namespace fl
