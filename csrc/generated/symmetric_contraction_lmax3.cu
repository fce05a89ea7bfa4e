// Written by codegen/symmetric_contraction_gpu.py, which says what it computes: lmax = 3.
#include "../cuda/straight_line.h"
#include "../cuda/symmetric_contraction_kernels.h"

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
    T(0.7071067811865475),
    T(-0.408248290463863),
    T(0.816496580927726),
    T(-0.7071067811865475),
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
    T(1.414213562373095),
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
    T(0.35355339059327373),
    T(-0.45643546458763845),
    T(0.3872983346207417),
    T(-0.35355339059327373),
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
static constexpr bool first = true;
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
static constexpr bool first = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {8, 9, 10, 23, 24, 27, 32, 33, 34, 40, 41, 42, 50, 51, 52, 56, 57, 58};
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
V t48=t0*t1;
V t49=t0*t2;
V t50=t0*t3;
V t51=t1*(K[3]*t6-K[4]*t8)+t2*(K[4]*t5)+t3*(K[4]*t4);
V t52=t1*(K[4]*t5)+t2*(K[5]*t6)+t3*(K[4]*t7);
V t53=t1*(K[4]*t4)+t2*(K[4]*t7)+t3*(K[3]*t6+K[4]*t8);
V t54=t4*(K[6]*t13-K[7]*t15)+t5*(K[8]*t12-K[2]*t14)+t6*(K[9]*t11)+t7*(K[2]*t10)+t8*(K[7]*t9+K[10]*t11);
V t55=t4*(K[2]*t10)+t5*(K[11]*t11)+t6*(K[12]*t12)+t7*(K[11]*t13)+t8*(K[2]*t14);
V t56=t4*(K[7]*t9-K[10]*t11)+t5*(K[2]*t10)+t6*(K[9]*t13)+t7*(K[8]*t12+K[2]*t14)+t8*(K[6]*t13+K[7]*t15);
V t57=ZERO;
V t58=ZERO;
V t59=ZERO;
V t60=ZERO;
V t61=ZERO;
V t62=ZERO;
V t63=ZERO;
V t64=ZERO;
V t65=ZERO;
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t66=LOAD(w,8);
t57=t57+t66*t17;
t58=t58+t66*t18;
t59=t59+t66*t19;
sum[0]=sum[0]+t17*t48+t18*t49+t19*t50;
V t67=LOAD(w,9);
t60=t60+t67*t17;
t61=t61+t67*t18;
t62=t62+t67*t19;
sum[1]=sum[1]+t17*t51+t18*t52+t19*t53;
V t68=LOAD(w,10);
t63=t63+t68*t17;
t64=t64+t68*t18;
t65=t65+t68*t19;
sum[2]=sum[2]+t17*t54+t18*t55+t19*t56;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t66=LOAD(w,23);
V t67=LOAD(w,24);
V t68=t66*t51+t67*t54;
V t69=t66*t52+t67*t55;
V t70=t66*t53+t67*t56;
V t71=K[0]*t16;
t33=t33+t68*t71;
V t72=K[0]*t16;
t34=t34+t69*t72;
V t73=K[0]*t16;
t35=t35+t70*t73;
V t74=t1*t71;
V t75=t2*t72;
V t76=t3*t73;
V t77=LOAD(w,23);
t60=t60+t77*t74;
t61=t61+t77*t75;
t62=t62+t77*t76;
sum[3]=sum[3]+t74*t51+t75*t52+t76*t53;
V t78=LOAD(w,24);
t63=t63+t78*t74;
t64=t64+t78*t75;
t65=t65+t78*t76;
sum[4]=sum[4]+t74*t54+t75*t55+t76*t56;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t66=LOAD(w,27);
V t67=t66*t54;
V t68=t66*t55;
V t69=t66*t56;
V t70=t17;
V t71=t18;
V t72=t19;
t32=t32+t67*t70+t68*t71+t69*t72;
V t73=t0*t70;
V t74=t0*t71;
V t75=t0*t72;
V t76=LOAD(w,27);
t63=t63+t76*t73;
t64=t64+t76*t74;
t65=t65+t76*t75;
sum[5]=sum[5]+t73*t54+t74*t55+t75*t56;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t66=LOAD(w,32);
V t67=LOAD(w,33);
V t68=LOAD(w,34);
V t69=t66*t48+t67*t51+t68*t54;
V t70=t66*t49+t67*t52+t68*t55;
V t71=t66*t50+t67*t53+t68*t56;
V t72=K[4]*t19;
V t73=K[4]*t17;
t36=t36+t69*t72+t71*t73;
V t74=K[4]*t18;
V t75=K[4]*t17;
t37=t37+t69*t74+t70*t75;
V t76=K[3]*t17;
V t77=K[5]*t18;
V t78=K[3]*t19;
t38=t38+t69*t76+t70*t77+t71*t78;
V t79=K[4]*t19;
V t80=K[4]*t18;
t39=t39+t70*t79+t71*t80;
V t81=K[13]*t17;
V t82=K[4]*t19;
t40=t40+t69*t81+t71*t82;
V t83=t4*t72+t5*t74+t6*t76+t8*t81;
V t84=t5*t75+t6*t77+t7*t79;
V t85=t4*t73+t6*t78+t7*t80+t8*t82;
V t86=LOAD(w,32);
t57=t57+t86*t83;
t58=t58+t86*t84;
t59=t59+t86*t85;
sum[6]=sum[6]+t83*t48+t84*t49+t85*t50;
V t87=LOAD(w,33);
t60=t60+t87*t83;
t61=t61+t87*t84;
t62=t62+t87*t85;
sum[7]=sum[7]+t83*t51+t84*t52+t85*t53;
V t88=LOAD(w,34);
t63=t63+t88*t83;
t64=t64+t88*t84;
t65=t65+t88*t85;
sum[8]=sum[8]+t83*t54+t84*t55+t85*t56;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t66=LOAD(w,40);
V t67=LOAD(w,41);
V t68=LOAD(w,42);
V t69=t66*t48+t67*t51+t68*t54;
V t70=t66*t49+t67*t52+t68*t55;
V t71=t66*t50+t67*t53+t68*t56;
V t72=K[15]*t22-K[14]*t24;
V t73=K[14]*t21;
V t74=K[14]*t20;
t33=t33+t69*t72+t70*t73+t71*t74;
V t75=K[14]*t21;
V t76=K[16]*t22;
V t77=K[14]*t23;
t34=t34+t69*t75+t70*t76+t71*t77;
V t78=K[14]*t20;
V t79=K[14]*t23;
V t80=K[15]*t22+K[14]*t24;
t35=t35+t69*t78+t70*t79+t71*t80;
V t81=t1*t72+t2*t75+t3*t78;
V t82=t1*t73+t2*t76+t3*t79;
V t83=t1*t74+t2*t77+t3*t80;
V t84=LOAD(w,40);
t57=t57+t84*t81;
t58=t58+t84*t82;
t59=t59+t84*t83;
sum[9]=sum[9]+t81*t48+t82*t49+t83*t50;
V t85=LOAD(w,41);
t60=t60+t85*t81;
t61=t61+t85*t82;
t62=t62+t85*t83;
sum[10]=sum[10]+t81*t51+t82*t52+t83*t53;
V t86=LOAD(w,42);
t63=t63+t86*t81;
t64=t64+t86*t82;
t65=t65+t86*t83;
sum[11]=sum[11]+t81*t54+t82*t55+t83*t56;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t66=LOAD(w,50);
V t67=LOAD(w,51);
V t68=LOAD(w,52);
V t69=t66*t48+t67*t51+t68*t54;
V t70=t66*t49+t67*t52+t68*t55;
V t71=t66*t50+t67*t53+t68*t56;
V t72=K[18]*t24;
V t73=K[18]*t20;
t41=t41+t69*t72+t71*t73;
V t74=K[19]*t23;
V t75=K[19]*t20;
V t76=K[19]*t21;
t42=t42+t69*t74+t70*t75+t71*t76;
V t77=K[25]*t22+K[27]*t24;
V t78=K[22]*t21;
V t79=K[20]*t20;
t43=t43+t69*t77+t70*t78+t71*t79;
V t80=K[23]*t21;
V t81=K[26]*t22;
V t82=K[23]*t23;
t44=t44+t69*t80+t70*t81+t71*t82;
V t83=K[20]*t20;
V t84=K[22]*t23;
V t85=K[25]*t22-K[27]*t24;
t45=t45+t69*t83+t70*t84+t71*t85;
V t86=K[24]*t21;
V t87=K[19]*t24;
V t88=K[19]*t23;
t46=t46+t69*t86+t70*t87+t71*t88;
V t89=K[21]*t20;
V t90=K[18]*t24;
t47=t47+t69*t89+t71*t90;
V t91=t9*t72+t10*t74+t11*t77+t12*t80+t13*t83+t14*t86+t15*t89;
V t92=t10*t75+t11*t78+t12*t81+t13*t84+t14*t87;
V t93=t9*t73+t10*t76+t11*t79+t12*t82+t13*t85+t14*t88+t15*t90;
V t94=LOAD(w,50);
t57=t57+t94*t91;
t58=t58+t94*t92;
t59=t59+t94*t93;
sum[12]=sum[12]+t91*t48+t92*t49+t93*t50;
V t95=LOAD(w,51);
t60=t60+t95*t91;
t61=t61+t95*t92;
t62=t62+t95*t93;
sum[13]=sum[13]+t91*t51+t92*t52+t93*t53;
V t96=LOAD(w,52);
t63=t63+t96*t91;
t64=t64+t96*t92;
t65=t65+t96*t93;
sum[14]=sum[14]+t91*t54+t92*t55+t93*t56;
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t66=LOAD(w,56);
V t67=LOAD(w,57);
V t68=LOAD(w,58);
V t69=t66*t48+t67*t51+t68*t54;
V t70=t66*t49+t67*t52+t68*t55;
V t71=t66*t50+t67*t53+t68*t56;
V t72=K[28]*t29-K[14]*t31;
V t73=K[0]*t26;
V t74=K[14]*t25-K[30]*t27;
t36=t36+t69*t72+t70*t73+t71*t74;
V t75=K[31]*t28-K[0]*t30;
V t76=K[29]*t27;
V t77=K[0]*t26;
t37=t37+t69*t75+t70*t76+t71*t77;
V t78=K[5]*t27;
V t79=K[32]*t28;
V t80=K[5]*t29;
t38=t38+t69*t78+t70*t79+t71*t80;
V t81=K[0]*t26;
V t82=K[29]*t29;
V t83=K[31]*t28+K[0]*t30;
t39=t39+t69*t81+t70*t82+t71*t83;
V t84=K[14]*t25+K[30]*t27;
V t85=K[0]*t30;
V t86=K[28]*t29+K[14]*t31;
t40=t40+t69*t84+t70*t85+t71*t86;
V t87=t4*t72+t5*t75+t6*t78+t7*t81+t8*t84;
V t88=t4*t73+t5*t76+t6*t79+t7*t82+t8*t85;
V t89=t4*t74+t5*t77+t6*t80+t7*t83+t8*t86;
V t90=LOAD(w,56);
t57=t57+t90*t87;
t58=t58+t90*t88;
t59=t59+t90*t89;
sum[15]=sum[15]+t87*t48+t88*t49+t89*t50;
V t91=LOAD(w,57);
t60=t60+t91*t87;
t61=t61+t91*t88;
t62=t62+t91*t89;
sum[16]=sum[16]+t87*t51+t88*t52+t89*t53;
V t92=LOAD(w,58);
t63=t63+t92*t87;
t64=t64+t92*t88;
t65=t65+t92*t89;
sum[17]=sum[17]+t87*t54+t88*t55+t89*t56;
}
V t66=t57;
V t67=t58;
V t68=t59;
t32=t32+t1*t66+t2*t67+t3*t68;
t33=t33+t0*t66;
t34=t34+t0*t67;
t35=t35+t0*t68;
V t69=K[4]*t62;
V t70=K[4]*t61;
V t71=K[3]*t60;
V t72=K[13]*t60;
V t73=K[4]*t60;
V t74=K[5]*t61;
V t75=K[4]*t62;
V t76=K[4]*t60;
V t77=K[3]*t62;
V t78=K[4]*t61;
V t79=K[4]*t62;
t33=t33+t4*t69+t5*t70+t6*t71+t8*t72;
t36=t36+t1*t69+t3*t76;
t37=t37+t1*t70+t2*t73;
t38=t38+t1*t71+t2*t74+t3*t77;
t40=t40+t1*t72+t3*t79;
t34=t34+t5*t73+t6*t74+t7*t75;
t39=t39+t2*t75+t3*t78;
t35=t35+t4*t76+t6*t77+t7*t78+t8*t79;
V t80=K[7]*t65;
V t81=K[2]*t64;
V t82=K[6]*t65;
V t83=K[6]*t63;
V t84=K[39]*t63;
V t85=K[2]*t65;
V t86=K[11]*t64;
V t87=K[8]*t63;
V t88=K[23]*t63;
V t89=K[9]*t63;
V t90=K[12]*t64;
V t91=K[9]*t65;
V t92=K[2]*t63;
V t93=K[8]*t65;
V t94=K[11]*t64;
V t95=K[2]*t65;
V t96=K[7]*t63;
V t97=K[10]*t63;
V t98=K[6]*t65;
V t99=K[2]*t64;
V t100=K[7]*t65;
t36=t36+t9*t80+t10*t81+t11*t82+t13*t83+t15*t84;
t41=t41+t4*t80+t8*t96;
t42=t42+t4*t81+t5*t85+t7*t92;
t43=t43+t4*t82+t5*t86+t6*t89+t8*t97;
t45=t45+t4*t83+t6*t91+t7*t94+t8*t98;
t47=t47+t4*t84+t8*t100;
t37=t37+t10*t85+t11*t86+t12*t87+t14*t88;
t44=t44+t5*t87+t6*t90+t7*t93;
t46=t46+t5*t88+t7*t95+t8*t99;
t38=t38+t11*t89+t12*t90+t13*t91;
t39=t39+t10*t92+t12*t93+t13*t94+t14*t95;
t40=t40+t9*t96+t11*t97+t13*t98+t14*t99+t15*t100;
V t101=LOAD(da,0);
V t102=t101+t32;
STORE(da,0,t102);
V t103=LOAD(da,1);
V t104=t103+t33;
STORE(da,1,t104);
V t105=LOAD(da,2);
V t106=t105+t34;
STORE(da,2,t106);
V t107=LOAD(da,3);
V t108=t107+t35;
STORE(da,3,t108);
V t109=LOAD(da,4);
V t110=t109+t36;
STORE(da,4,t110);
V t111=LOAD(da,5);
V t112=t111+t37;
STORE(da,5,t112);
V t113=LOAD(da,6);
V t114=t113+t38;
STORE(da,6,t114);
V t115=LOAD(da,7);
V t116=t115+t39;
STORE(da,7,t116);
V t117=LOAD(da,8);
V t118=t117+t40;
STORE(da,8,t118);
V t119=LOAD(da,9);
V t120=t119+t41;
STORE(da,9,t120);
V t121=LOAD(da,10);
V t122=t121+t42;
STORE(da,10,t122);
V t123=LOAD(da,11);
V t124=t123+t43;
STORE(da,11,t124);
V t125=LOAD(da,12);
V t126=t125+t44;
STORE(da,12,t126);
V t127=LOAD(da,13);
V t128=t127+t45;
STORE(da,13,t128);
V t129=LOAD(da,14);
V t130=t129+t46;
STORE(da,14,t130);
V t131=LOAD(da,15);
V t132=t131+t47;
STORE(da,15,t132);
}
};

struct Backward2 {
static constexpr int weights = 23;
static constexpr bool first = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {11, 12, 13, 14, 15, 25, 26, 35, 36, 37, 38, 39, 47, 48, 49, 53, 54, 55, 63, 64, 65, 66, 67};
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
V t48=t0*t4;
V t49=t0*t5;
V t50=t0*t6;
V t51=t0*t7;
V t52=t0*t8;
V t53=t1*(K[34]*t3);
V t54=t1*(K[34]*t2);
V t55=t1*(K[15]*t1)+t2*(K[16]*t2)+t3*(K[15]*t3);
V t56=t2*(K[34]*t3);
V t57=t1*(K[17]*t1)+t3*(K[14]*t3);
V t58=t1*(K[20]*t13-K[18]*t15)+t2*(K[19]*t10)+t3*(K[18]*t9-K[27]*t11);
V t59=t1*(K[23]*t12-K[19]*t14)+t2*(K[22]*t11)+t3*(K[19]*t10);
V t60=t1*(K[25]*t11)+t2*(K[26]*t12)+t3*(K[25]*t13);
V t61=t1*(K[19]*t10)+t2*(K[22]*t13)+t3*(K[23]*t12+K[19]*t14);
V t62=t1*(K[18]*t9+K[27]*t11)+t2*(K[19]*t14)+t3*(K[20]*t13+K[18]*t15);
V t63=t4*(K[35]*t6)+t5*(K[36]*t7);
V t64=t4*(K[36]*t7)+t5*(K[25]*t6-K[36]*t8);
V t65=t4*(K[37]*t4)+t5*(K[38]*t5)+t6*(K[25]*t6)+t7*(K[38]*t7)+t8*(K[37]*t8);
V t66=t4*(K[36]*t5)+t6*(K[25]*t7)+t7*(K[36]*t8);
V t67=t5*(K[39]*t5)+t6*(K[35]*t8)+t7*(K[7]*t7);
V t68=t9*(K[24]*t13)+t10*(K[40]*t12)+t11*(K[41]*t13+K[19]*t15);
V t69=t9*(K[42]*t14)+t10*(K[18]*t13-K[42]*t15)+t11*(K[43]*t12-K[18]*t14);
V t70=t9*(K[44]*t9)+t11*(K[45]*t11)+t12*(K[46]*t12)+t13*(K[45]*t13)+t15*(K[44]*t15);
V t71=t9*(K[42]*t10)+t10*(K[18]*t11)+t12*(K[43]*t13)+t13*(K[18]*t14)+t14*(K[42]*t15);
V t72=t9*(K[24]*t11)+t11*(K[23]*t11)+t12*(K[40]*t14)+t13*(K[2]*t13-K[19]*t15);
V t73=ZERO;
V t74=ZERO;
V t75=ZERO;
V t76=ZERO;
V t77=ZERO;
V t78=ZERO;
V t79=ZERO;
V t80=ZERO;
V t81=ZERO;
V t82=ZERO;
V t83=ZERO;
V t84=ZERO;
V t85=ZERO;
V t86=ZERO;
V t87=ZERO;
V t88=ZERO;
V t89=ZERO;
V t90=ZERO;
V t91=ZERO;
V t92=ZERO;
V t93=ZERO;
V t94=ZERO;
V t95=ZERO;
V t96=ZERO;
V t97=ZERO;
if (CORRELATION>1 and OUTPUTS>>2&1) {
V t98=LOAD(w,11);
t73=t73+t98*t20;
t74=t74+t98*t21;
t75=t75+t98*t22;
t76=t76+t98*t23;
t77=t77+t98*t24;
sum[0]=sum[0]+t20*t48+t21*t49+t22*t50+t23*t51+t24*t52;
V t99=LOAD(w,12);
t78=t78+t99*t20;
t79=t79+t99*t21;
t80=t80+t99*t22;
t81=t81+t99*t23;
t82=t82+t99*t24;
sum[1]=sum[1]+t20*t53+t21*t54+t22*t55+t23*t56+t24*t57;
V t100=LOAD(w,13);
t83=t83+t100*t20;
t84=t84+t100*t21;
t85=t85+t100*t22;
t86=t86+t100*t23;
t87=t87+t100*t24;
sum[2]=sum[2]+t20*t58+t21*t59+t22*t60+t23*t61+t24*t62;
V t101=LOAD(w,14);
t88=t88+t101*t20;
t89=t89+t101*t21;
t90=t90+t101*t22;
t91=t91+t101*t23;
t92=t92+t101*t24;
sum[3]=sum[3]+t20*t63+t21*t64+t22*t65+t23*t66+t24*t67;
V t102=LOAD(w,15);
t93=t93+t102*t20;
t94=t94+t102*t21;
t95=t95+t102*t22;
t96=t96+t102*t23;
t97=t97+t102*t24;
sum[4]=sum[4]+t20*t68+t21*t69+t22*t70+t23*t71+t24*t72;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t98=LOAD(w,25);
V t99=LOAD(w,26);
V t100=t98*t63+t99*t68;
V t101=t98*t64+t99*t69;
V t102=t98*t65+t99*t70;
V t103=t98*t66+t99*t71;
V t104=t98*t67+t99*t72;
V t105=K[1]*t16;
t36=t36+t100*t105;
V t106=K[1]*t16;
t37=t37+t101*t106;
V t107=K[1]*t16;
t38=t38+t102*t107;
V t108=K[1]*t16;
t39=t39+t103*t108;
V t109=K[1]*t16;
t40=t40+t104*t109;
V t110=t4*t105;
V t111=t5*t106;
V t112=t6*t107;
V t113=t7*t108;
V t114=t8*t109;
V t115=LOAD(w,25);
t88=t88+t115*t110;
t89=t89+t115*t111;
t90=t90+t115*t112;
t91=t91+t115*t113;
t92=t92+t115*t114;
sum[5]=sum[5]+t110*t63+t111*t64+t112*t65+t113*t66+t114*t67;
V t116=LOAD(w,26);
t93=t93+t116*t110;
t94=t94+t116*t111;
t95=t95+t116*t112;
t96=t96+t116*t113;
t97=t97+t116*t114;
sum[6]=sum[6]+t110*t68+t111*t69+t112*t70+t113*t71+t114*t72;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t98=LOAD(w,35);
V t99=LOAD(w,36);
V t100=LOAD(w,37);
V t101=LOAD(w,38);
V t102=t98*t53+t99*t58+t100*t63+t101*t68;
V t103=t98*t54+t99*t59+t100*t64+t101*t69;
V t104=t98*t55+t99*t60+t100*t65+t101*t70;
V t105=t98*t56+t99*t61+t100*t66+t101*t71;
V t106=t98*t57+t99*t62+t100*t67+t101*t72;
V t107=K[7]*t19;
V t108=K[7]*t17;
t41=t41+t102*t107+t106*t108;
V t109=K[2]*t18;
V t110=K[2]*t19;
V t111=K[2]*t17;
t42=t42+t102*t109+t103*t110+t105*t111;
V t112=K[6]*t19;
V t113=K[11]*t18;
V t114=K[9]*t17;
V t115=K[10]*t17;
t43=t43+t102*t112+t103*t113+t104*t114+t106*t115;
V t116=K[8]*t17;
V t117=K[12]*t18;
V t118=K[8]*t19;
t44=t44+t103*t116+t104*t117+t105*t118;
V t119=K[6]*t17;
V t120=K[9]*t19;
V t121=K[11]*t18;
V t122=K[6]*t19;
t45=t45+t102*t119+t104*t120+t105*t121+t106*t122;
V t123=K[23]*t17;
V t124=K[2]*t19;
V t125=K[2]*t18;
t46=t46+t103*t123+t105*t124+t106*t125;
V t126=K[39]*t17;
V t127=K[7]*t19;
t47=t47+t102*t126+t106*t127;
V t128=t9*t107+t10*t109+t11*t112+t13*t119+t15*t126;
V t129=t10*t110+t11*t113+t12*t116+t14*t123;
V t130=t11*t114+t12*t117+t13*t120;
V t131=t10*t111+t12*t118+t13*t121+t14*t124;
V t132=t9*t108+t11*t115+t13*t122+t14*t125+t15*t127;
V t133=LOAD(w,35);
t78=t78+t133*t128;
t79=t79+t133*t129;
t80=t80+t133*t130;
t81=t81+t133*t131;
t82=t82+t133*t132;
sum[7]=sum[7]+t128*t53+t129*t54+t130*t55+t131*t56+t132*t57;
V t134=LOAD(w,36);
t83=t83+t134*t128;
t84=t84+t134*t129;
t85=t85+t134*t130;
t86=t86+t134*t131;
t87=t87+t134*t132;
sum[8]=sum[8]+t128*t58+t129*t59+t130*t60+t131*t61+t132*t62;
V t135=LOAD(w,37);
t88=t88+t135*t128;
t89=t89+t135*t129;
t90=t90+t135*t130;
t91=t91+t135*t131;
t92=t92+t135*t132;
sum[9]=sum[9]+t128*t63+t129*t64+t130*t65+t131*t66+t132*t67;
V t136=LOAD(w,38);
t93=t93+t136*t128;
t94=t94+t136*t129;
t95=t95+t136*t130;
t96=t96+t136*t131;
t97=t97+t136*t132;
sum[10]=sum[10]+t128*t68+t129*t69+t130*t70+t131*t71+t132*t72;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t98=LOAD(w,39);
V t99=t98*t68;
V t100=t98*t69;
V t101=t98*t70;
V t102=t98*t71;
V t103=t98*t72;
V t104=t20;
V t105=t21;
V t106=t22;
V t107=t23;
V t108=t24;
t32=t32+t99*t104+t100*t105+t101*t106+t102*t107+t103*t108;
V t109=t0*t104;
V t110=t0*t105;
V t111=t0*t106;
V t112=t0*t107;
V t113=t0*t108;
V t114=LOAD(w,39);
t93=t93+t114*t109;
t94=t94+t114*t110;
t95=t95+t114*t111;
t96=t96+t114*t112;
t97=t97+t114*t113;
sum[11]=sum[11]+t109*t68+t110*t69+t111*t70+t112*t71+t113*t72;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t98=LOAD(w,47);
V t99=LOAD(w,48);
V t100=LOAD(w,49);
V t101=t98*t48+t99*t58+t100*t68;
V t102=t98*t49+t99*t59+t100*t69;
V t103=t98*t50+t99*t60+t100*t70;
V t104=t98*t51+t99*t61+t100*t71;
V t105=t98*t52+t99*t62+t100*t72;
V t106=K[37]*t22;
V t107=K[7]*t23;
V t108=K[37]*t20;
V t109=K[7]*t21;
t36=t36+t101*t106+t102*t107+t103*t108+t104*t109;
V t110=K[7]*t23;
V t111=K[38]*t22-K[7]*t24;
V t112=K[38]*t21;
V t113=K[7]*t20;
V t114=K[39]*t21;
t37=t37+t101*t110+t102*t111+t103*t112+t104*t113+t105*t114;
V t115=K[37]*t20;
V t116=K[38]*t21;
V t117=K[25]*t22;
V t118=K[38]*t23;
V t119=K[37]*t24;
t38=t38+t101*t115+t102*t116+t103*t117+t104*t118+t105*t119;
V t120=K[7]*t21;
V t121=K[7]*t20;
V t122=K[38]*t23;
V t123=K[38]*t22+K[7]*t24;
V t124=K[7]*t23;
t39=t39+t101*t120+t102*t121+t103*t122+t104*t123+t105*t124;
V t125=K[39]*t21;
V t126=K[37]*t24;
V t127=K[7]*t23;
V t128=K[37]*t22;
t40=t40+t102*t125+t103*t126+t104*t127+t105*t128;
V t129=t4*t106+t5*t110+t6*t115+t7*t120;
V t130=t4*t107+t5*t111+t6*t116+t7*t121+t8*t125;
V t131=t4*t108+t5*t112+t6*t117+t7*t122+t8*t126;
V t132=t4*t109+t5*t113+t6*t118+t7*t123+t8*t127;
V t133=t5*t114+t6*t119+t7*t124+t8*t128;
V t134=LOAD(w,47);
t73=t73+t134*t129;
t74=t74+t134*t130;
t75=t75+t134*t131;
t76=t76+t134*t132;
t77=t77+t134*t133;
sum[12]=sum[12]+t129*t48+t130*t49+t131*t50+t132*t51+t133*t52;
V t135=LOAD(w,48);
t83=t83+t135*t129;
t84=t84+t135*t130;
t85=t85+t135*t131;
t86=t86+t135*t132;
t87=t87+t135*t133;
sum[13]=sum[13]+t129*t58+t130*t59+t131*t60+t132*t61+t133*t62;
V t136=LOAD(w,49);
t93=t93+t136*t129;
t94=t94+t136*t130;
t95=t95+t136*t131;
t96=t96+t136*t132;
t97=t97+t136*t133;
sum[14]=sum[14]+t129*t68+t130*t69+t131*t70+t132*t71+t133*t72;
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t98=LOAD(w,53);
V t99=LOAD(w,54);
V t100=LOAD(w,55);
V t101=t98*t53+t99*t63+t100*t68;
V t102=t98*t54+t99*t64+t100*t69;
V t103=t98*t55+t99*t65+t100*t70;
V t104=t98*t56+t99*t66+t100*t71;
V t105=t98*t57+t99*t67+t100*t72;
V t106=K[28]*t29-K[14]*t31;
V t107=K[31]*t28-K[0]*t30;
V t108=K[5]*t27;
V t109=K[0]*t26;
V t110=K[14]*t25+K[30]*t27;
t33=t33+t101*t106+t102*t107+t103*t108+t104*t109+t105*t110;
V t111=K[0]*t26;
V t112=K[29]*t27;
V t113=K[32]*t28;
V t114=K[29]*t29;
V t115=K[0]*t30;
t34=t34+t101*t111+t102*t112+t103*t113+t104*t114+t105*t115;
V t116=K[14]*t25-K[30]*t27;
V t117=K[0]*t26;
V t118=K[5]*t29;
V t119=K[31]*t28+K[0]*t30;
V t120=K[28]*t29+K[14]*t31;
t35=t35+t101*t116+t102*t117+t103*t118+t104*t119+t105*t120;
V t121=t1*t106+t2*t111+t3*t116;
V t122=t1*t107+t2*t112+t3*t117;
V t123=t1*t108+t2*t113+t3*t118;
V t124=t1*t109+t2*t114+t3*t119;
V t125=t1*t110+t2*t115+t3*t120;
V t126=LOAD(w,53);
t78=t78+t126*t121;
t79=t79+t126*t122;
t80=t80+t126*t123;
t81=t81+t126*t124;
t82=t82+t126*t125;
sum[15]=sum[15]+t121*t53+t122*t54+t123*t55+t124*t56+t125*t57;
V t127=LOAD(w,54);
t88=t88+t127*t121;
t89=t89+t127*t122;
t90=t90+t127*t123;
t91=t91+t127*t124;
t92=t92+t127*t125;
sum[16]=sum[16]+t121*t63+t122*t64+t123*t65+t124*t66+t125*t67;
V t128=LOAD(w,55);
t93=t93+t128*t121;
t94=t94+t128*t122;
t95=t95+t128*t123;
t96=t96+t128*t124;
t97=t97+t128*t125;
sum[17]=sum[17]+t121*t68+t122*t69+t123*t70+t124*t71+t125*t72;
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t98=LOAD(w,63);
V t99=LOAD(w,64);
V t100=LOAD(w,65);
V t101=LOAD(w,66);
V t102=LOAD(w,67);
V t103=t98*t48+t99*t53+t100*t58+t101*t63+t102*t68;
V t104=t98*t49+t99*t54+t100*t59+t101*t64+t102*t69;
V t105=t98*t50+t99*t55+t100*t60+t101*t65+t102*t70;
V t106=t98*t51+t99*t56+t100*t61+t101*t66+t102*t71;
V t107=t98*t52+t99*t57+t100*t62+t101*t67+t102*t72;
V t108=K[49]*t29;
V t109=K[48]*t30;
V t110=K[47]*t25;
V t111=K[48]*t26;
V t112=K[49]*t27;
t41=t41+t103*t108+t104*t109+t105*t110+t106*t111+t107*t112;
V t113=K[33]*t28;
V t114=K[50]*t29-K[48]*t31;
V t115=K[48]*t25+K[50]*t27;
t42=t42+t103*t113+t104*t114+t106*t115;
V t116=K[1]*t29+K[54]*t31;
V t117=K[30]*t28-K[50]*t30;
V t118=K[52]*t27;
V t119=K[50]*t26;
V t120=K[49]*t25-K[1]*t27;
t43=t43+t103*t116+t104*t117+t105*t118+t106*t119+t107*t120;
V t121=K[33]*t26;
V t122=K[30]*t27;
V t123=K[55]*t28;
V t124=K[30]*t29;
V t125=K[33]*t30;
t44=t44+t103*t121+t104*t122+t105*t123+t106*t124+t107*t125;
V t126=K[49]*t25+K[1]*t27;
V t127=K[50]*t26;
V t128=K[52]*t29;
V t129=K[30]*t28+K[50]*t30;
V t130=K[1]*t29-K[54]*t31;
t45=t45+t103*t126+t104*t127+t105*t128+t106*t129+t107*t130;
V t131=K[48]*t25-K[50]*t27;
V t132=K[50]*t29+K[48]*t31;
V t133=K[33]*t28;
t46=t46+t104*t131+t106*t132+t107*t133;
V t134=K[54]*t27;
V t135=K[51]*t26;
V t136=K[47]*t31;
V t137=K[48]*t30;
V t138=K[49]*t29;
t47=t47+t103*t134+t104*t135+t105*t136+t106*t137+t107*t138;
V t139=t9*t108+t10*t113+t11*t116+t12*t121+t13*t126+t15*t134;
V t140=t9*t109+t10*t114+t11*t117+t12*t122+t13*t127+t14*t131+t15*t135;
V t141=t9*t110+t11*t118+t12*t123+t13*t128+t15*t136;
V t142=t9*t111+t10*t115+t11*t119+t12*t124+t13*t129+t14*t132+t15*t137;
V t143=t9*t112+t11*t120+t12*t125+t13*t130+t14*t133+t15*t138;
V t144=LOAD(w,63);
t73=t73+t144*t139;
t74=t74+t144*t140;
t75=t75+t144*t141;
t76=t76+t144*t142;
t77=t77+t144*t143;
sum[18]=sum[18]+t139*t48+t140*t49+t141*t50+t142*t51+t143*t52;
V t145=LOAD(w,64);
t78=t78+t145*t139;
t79=t79+t145*t140;
t80=t80+t145*t141;
t81=t81+t145*t142;
t82=t82+t145*t143;
sum[19]=sum[19]+t139*t53+t140*t54+t141*t55+t142*t56+t143*t57;
V t146=LOAD(w,65);
t83=t83+t146*t139;
t84=t84+t146*t140;
t85=t85+t146*t141;
t86=t86+t146*t142;
t87=t87+t146*t143;
sum[20]=sum[20]+t139*t58+t140*t59+t141*t60+t142*t61+t143*t62;
V t147=LOAD(w,66);
t88=t88+t147*t139;
t89=t89+t147*t140;
t90=t90+t147*t141;
t91=t91+t147*t142;
t92=t92+t147*t143;
sum[21]=sum[21]+t139*t63+t140*t64+t141*t65+t142*t66+t143*t67;
V t148=LOAD(w,67);
t93=t93+t148*t139;
t94=t94+t148*t140;
t95=t95+t148*t141;
t96=t96+t148*t142;
t97=t97+t148*t143;
sum[22]=sum[22]+t139*t68+t140*t69+t141*t70+t142*t71+t143*t72;
}
V t98=t73;
V t99=t74;
V t100=t75;
V t101=t76;
V t102=t77;
t32=t32+t4*t98+t5*t99+t6*t100+t7*t101+t8*t102;
t36=t36+t0*t98;
t37=t37+t0*t99;
t38=t38+t0*t100;
t39=t39+t0*t101;
t40=t40+t0*t102;
V t103=K[59]*t80-K[34]*t82;
V t104=K[34]*t79;
V t105=K[34]*t78;
V t106=K[60]*t80;
V t107=K[34]*t81;
V t108=K[59]*t80+K[34]*t82;
t33=t33+t1*t103+t2*t104+t3*t105;
t34=t34+t1*t104+t2*t106+t3*t107;
t35=t35+t1*t105+t2*t107+t3*t108;
V t109=K[18]*t87;
V t110=K[19]*t86;
V t111=K[25]*t85+K[27]*t87;
V t112=K[23]*t84;
V t113=K[20]*t83;
V t114=K[24]*t84;
V t115=K[21]*t83;
V t116=K[19]*t83;
V t117=K[22]*t84;
V t118=K[26]*t85;
V t119=K[22]*t86;
V t120=K[19]*t87;
V t121=K[18]*t83;
V t122=K[19]*t84;
V t123=K[20]*t83;
V t124=K[23]*t86;
V t125=K[25]*t85-K[27]*t87;
V t126=K[19]*t86;
V t127=K[18]*t87;
t33=t33+t9*t109+t10*t110+t11*t111+t12*t112+t13*t113+t14*t114+t15*t115;
t41=t41+t1*t109+t3*t121;
t42=t42+t1*t110+t2*t116+t3*t122;
t43=t43+t1*t111+t2*t117+t3*t123;
t44=t44+t1*t112+t2*t118+t3*t124;
t45=t45+t1*t113+t2*t119+t3*t125;
t46=t46+t1*t114+t2*t120+t3*t126;
t47=t47+t1*t115+t3*t127;
t34=t34+t10*t116+t11*t117+t12*t118+t13*t119+t14*t120;
t35=t35+t9*t121+t10*t122+t11*t123+t12*t124+t13*t125+t14*t126+t15*t127;
V t128=K[35]*t90;
V t129=K[36]*t91;
V t130=K[35]*t88;
V t131=K[36]*t89;
V t132=K[25]*t90-K[36]*t92;
V t133=K[25]*t89;
V t134=K[36]*t88;
V t135=K[61]*t89;
V t136=K[62]*t90;
V t137=K[25]*t91;
V t138=K[35]*t92;
V t139=K[25]*t90+K[36]*t92;
V t140=K[36]*t91;
V t141=K[35]*t90;
t36=t36+t4*t128+t5*t129+t6*t130+t7*t131;
t37=t37+t4*t129+t5*t132+t6*t133+t7*t134+t8*t135;
t38=t38+t4*t130+t5*t133+t6*t136+t7*t137+t8*t138;
t39=t39+t4*t131+t5*t134+t6*t137+t7*t139+t8*t140;
t40=t40+t5*t135+t6*t138+t7*t140+t8*t141;
V t142=K[63]*t95;
V t143=K[42]*t96;
V t144=K[24]*t97;
V t145=K[24]*t93;
V t146=K[42]*t94;
V t147=K[18]*t96;
V t148=K[40]*t93;
V t149=K[18]*t94;
V t150=K[64]*t94;
V t151=K[26]*t95-K[41]*t97;
V t152=K[43]*t94;
V t153=K[41]*t93;
V t154=K[21]*t94;
V t155=K[19]*t93;
V t156=K[65]*t95;
V t157=K[43]*t96;
V t158=K[40]*t97;
V t159=K[26]*t95+K[41]*t97;
V t160=K[18]*t96;
V t161=K[24]*t97;
V t162=K[42]*t96;
V t163=K[63]*t95;
t41=t41+t9*t142+t10*t143+t11*t144+t13*t145+t14*t146;
t42=t42+t9*t143+t11*t147+t12*t148+t13*t149+t15*t150;
t43=t43+t9*t144+t10*t147+t11*t151+t12*t152+t13*t153+t14*t154+t15*t155;
t45=t45+t9*t145+t10*t149+t11*t153+t12*t157+t13*t159+t14*t160+t15*t161;
t46=t46+t9*t146+t11*t154+t12*t158+t13*t160+t15*t162;
t44=t44+t10*t148+t11*t152+t12*t156+t13*t157+t14*t158;
t47=t47+t10*t150+t11*t155+t13*t161+t14*t162+t15*t163;
V t164=LOAD(da,0);
V t165=t164+t32;
STORE(da,0,t165);
V t166=LOAD(da,1);
V t167=t166+t33;
STORE(da,1,t167);
V t168=LOAD(da,2);
V t169=t168+t34;
STORE(da,2,t169);
V t170=LOAD(da,3);
V t171=t170+t35;
STORE(da,3,t171);
V t172=LOAD(da,4);
V t173=t172+t36;
STORE(da,4,t173);
V t174=LOAD(da,5);
V t175=t174+t37;
STORE(da,5,t175);
V t176=LOAD(da,6);
V t177=t176+t38;
STORE(da,6,t177);
V t178=LOAD(da,7);
V t179=t178+t39;
STORE(da,7,t179);
V t180=LOAD(da,8);
V t181=t180+t40;
STORE(da,8,t181);
V t182=LOAD(da,9);
V t183=t182+t41;
STORE(da,9,t183);
V t184=LOAD(da,10);
V t185=t184+t42;
STORE(da,10,t185);
V t186=LOAD(da,11);
V t187=t186+t43;
STORE(da,11,t187);
V t188=LOAD(da,12);
V t189=t188+t44;
STORE(da,12,t189);
V t190=LOAD(da,13);
V t191=t190+t45;
STORE(da,13,t191);
V t192=LOAD(da,14);
V t193=t192+t46;
STORE(da,14,t193);
V t194=LOAD(da,15);
V t195=t194+t47;
STORE(da,15,t195);
}
};

struct Backward3 {
static constexpr int weights = 3;
static constexpr bool first = false;
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
V t48=t0*t9;
V t49=t0*t10;
V t50=t0*t11;
V t51=t0*t12;
V t52=t0*t13;
V t53=t0*t14;
V t54=t0*t15;
V t55=t1*(K[14]*t8)+t3*(K[14]*t4);
V t56=t1*(K[0]*t7)+t2*(K[0]*t4)+t3*(K[0]*t5);
V t57=t1*(K[5]*t6+K[30]*t8)+t2*(K[29]*t5)+t3*(K[28]*t4);
V t58=t1*(K[31]*t5)+t2*(K[32]*t6)+t3*(K[31]*t7);
V t59=t1*(K[28]*t4)+t2*(K[29]*t7)+t3*(K[5]*t6-K[30]*t8);
V t60=t1*(K[33]*t5)+t2*(K[0]*t8)+t3*(K[0]*t7);
V t61=t1*(K[17]*t4)+t3*(K[14]*t8);
V t62=t4*(K[49]*t13)+t5*(K[48]*t14)+t6*(K[47]*t9)+t7*(K[48]*t10)+t8*(K[49]*t11);
V t63=t4*(K[33]*t12)+t5*(K[50]*t13-K[48]*t15)+t7*(K[48]*t9+K[50]*t11);
V t64=t4*(K[1]*t13+K[54]*t15)+t5*(K[30]*t12-K[50]*t14)+t6*(K[52]*t11)+t7*(K[50]*t10)+t8*(K[49]*t9-K[1]*t11);
V t65=t4*(K[33]*t10)+t5*(K[30]*t11)+t6*(K[55]*t12)+t7*(K[30]*t13)+t8*(K[33]*t14);
V t66=t4*(K[49]*t9+K[1]*t11)+t5*(K[50]*t10)+t6*(K[52]*t13)+t7*(K[30]*t12+K[50]*t14)+t8*(K[1]*t13-K[54]*t15);
V t67=t5*(K[48]*t9-K[50]*t11)+t7*(K[50]*t13+K[48]*t15)+t8*(K[33]*t12);
V t68=t4*(K[54]*t11)+t5*(K[51]*t10)+t6*(K[47]*t15)+t7*(K[48]*t14)+t8*(K[49]*t13);
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
V t82=ZERO;
V t83=ZERO;
V t84=ZERO;
V t85=ZERO;
V t86=ZERO;
V t87=ZERO;
V t88=ZERO;
V t89=ZERO;
if (CORRELATION>1 and OUTPUTS>>3&1) {
V t90=LOAD(w,16);
t69=t69+t90*t25;
t70=t70+t90*t26;
t71=t71+t90*t27;
t72=t72+t90*t28;
t73=t73+t90*t29;
t74=t74+t90*t30;
t75=t75+t90*t31;
sum[0]=sum[0]+t25*t48+t26*t49+t27*t50+t28*t51+t29*t52+t30*t53+t31*t54;
V t91=LOAD(w,17);
t76=t76+t91*t25;
t77=t77+t91*t26;
t78=t78+t91*t27;
t79=t79+t91*t28;
t80=t80+t91*t29;
t81=t81+t91*t30;
t82=t82+t91*t31;
sum[1]=sum[1]+t25*t55+t26*t56+t27*t57+t28*t58+t29*t59+t30*t60+t31*t61;
V t92=LOAD(w,18);
t83=t83+t92*t25;
t84=t84+t92*t26;
t85=t85+t92*t27;
t86=t86+t92*t28;
t87=t87+t92*t29;
t88=t88+t92*t30;
t89=t89+t92*t31;
sum[2]=sum[2]+t25*t62+t26*t63+t27*t64+t28*t65+t29*t66+t30*t67+t31*t68;
}
V t90=t69;
V t91=t70;
V t92=t71;
V t93=t72;
V t94=t73;
V t95=t74;
V t96=t75;
t32=t32+t9*t90+t10*t91+t11*t92+t12*t93+t13*t94+t14*t95+t15*t96;
t41=t41+t0*t90;
t42=t42+t0*t91;
t43=t43+t0*t92;
t44=t44+t0*t93;
t45=t45+t0*t94;
t46=t46+t0*t95;
t47=t47+t0*t96;
V t97=K[28]*t80-K[14]*t82;
V t98=K[31]*t79-K[0]*t81;
V t99=K[5]*t78;
V t100=K[0]*t77;
V t101=K[14]*t76+K[30]*t78;
V t102=K[0]*t77;
V t103=K[29]*t78;
V t104=K[32]*t79;
V t105=K[29]*t80;
V t106=K[0]*t81;
V t107=K[14]*t76-K[30]*t78;
V t108=K[0]*t77;
V t109=K[5]*t80;
V t110=K[31]*t79+K[0]*t81;
V t111=K[28]*t80+K[14]*t82;
t33=t33+t4*t97+t5*t98+t6*t99+t7*t100+t8*t101;
t36=t36+t1*t97+t2*t102+t3*t107;
t37=t37+t1*t98+t2*t103+t3*t108;
t38=t38+t1*t99+t2*t104+t3*t109;
t39=t39+t1*t100+t2*t105+t3*t110;
t40=t40+t1*t101+t2*t106+t3*t111;
t34=t34+t4*t102+t5*t103+t6*t104+t7*t105+t8*t106;
t35=t35+t4*t107+t5*t108+t6*t109+t7*t110+t8*t111;
V t112=K[49]*t87;
V t113=K[33]*t86;
V t114=K[1]*t87+K[54]*t89;
V t115=K[33]*t84;
V t116=K[49]*t83+K[1]*t85;
V t117=K[54]*t85;
V t118=K[48]*t88;
V t119=K[50]*t87-K[48]*t89;
V t120=K[30]*t86-K[50]*t88;
V t121=K[30]*t85;
V t122=K[50]*t84;
V t123=K[48]*t83-K[50]*t85;
V t124=K[51]*t84;
V t125=K[47]*t83;
V t126=K[52]*t85;
V t127=K[55]*t86;
V t128=K[52]*t87;
V t129=K[47]*t89;
V t130=K[48]*t84;
V t131=K[48]*t83+K[50]*t85;
V t132=K[50]*t84;
V t133=K[30]*t87;
V t134=K[30]*t86+K[50]*t88;
V t135=K[50]*t87+K[48]*t89;
V t136=K[48]*t88;
V t137=K[49]*t85;
V t138=K[49]*t83-K[1]*t85;
V t139=K[33]*t88;
V t140=K[1]*t87-K[54]*t89;
V t141=K[33]*t86;
V t142=K[49]*t87;
t36=t36+t9*t112+t10*t113+t11*t114+t12*t115+t13*t116+t15*t117;
t41=t41+t4*t112+t5*t118+t6*t125+t7*t130+t8*t137;
t42=t42+t4*t113+t5*t119+t7*t131;
t43=t43+t4*t114+t5*t120+t6*t126+t7*t132+t8*t138;
t44=t44+t4*t115+t5*t121+t6*t127+t7*t133+t8*t139;
t45=t45+t4*t116+t5*t122+t6*t128+t7*t134+t8*t140;
t47=t47+t4*t117+t5*t124+t6*t129+t7*t136+t8*t142;
t37=t37+t9*t118+t10*t119+t11*t120+t12*t121+t13*t122+t14*t123+t15*t124;
t46=t46+t5*t123+t7*t135+t8*t141;
t38=t38+t9*t125+t11*t126+t12*t127+t13*t128+t15*t129;
t39=t39+t9*t130+t10*t131+t11*t132+t12*t133+t13*t134+t14*t135+t15*t136;
t40=t40+t9*t137+t11*t138+t12*t139+t13*t140+t14*t141+t15*t142;
V t143=LOAD(da,0);
V t144=t143+t32;
STORE(da,0,t144);
V t145=LOAD(da,1);
V t146=t145+t33;
STORE(da,1,t146);
V t147=LOAD(da,2);
V t148=t147+t34;
STORE(da,2,t148);
V t149=LOAD(da,3);
V t150=t149+t35;
STORE(da,3,t150);
V t151=LOAD(da,4);
V t152=t151+t36;
STORE(da,4,t152);
V t153=LOAD(da,5);
V t154=t153+t37;
STORE(da,5,t154);
V t155=LOAD(da,6);
V t156=t155+t38;
STORE(da,6,t156);
V t157=LOAD(da,7);
V t158=t157+t39;
STORE(da,7,t158);
V t159=LOAD(da,8);
V t160=t159+t40;
STORE(da,8,t160);
V t161=LOAD(da,9);
V t162=t161+t41;
STORE(da,9,t162);
V t163=LOAD(da,10);
V t164=t163+t42;
STORE(da,10,t164);
V t165=LOAD(da,11);
V t166=t165+t43;
STORE(da,11,t166);
V t167=LOAD(da,12);
V t168=t167+t44;
STORE(da,12,t168);
V t169=LOAD(da,13);
V t170=t169+t45;
STORE(da,13,t170);
V t171=LOAD(da,14);
V t172=t171+t46;
STORE(da,14,t172);
V t173=LOAD(da,15);
V t174=t173+t47;
STORE(da,15,t174);
}
};

struct Programs {
  static constexpr int lmax = 3;
  static constexpr __device__ int folded(int order) {
    return order == 1 ? 4 : order == 2 ? 19 : 68;
  }
  using Forward = lmax3::Forward;
  using Backward = List<Backward0, Backward1, Backward2, Backward3>;
};

}  // namespace lmax3

FL_DEFINE_CONTRACTION(lmax3::Programs, float)
FL_DEFINE_CONTRACTION(lmax3::Programs, double)

}  // namespace fl
