"""Written by codegen/symmetric_contraction_gpu.py; not to be edited."""

import triton
import triton.language as tl

K = tl.constexpr((
 0.5773502691896257,
 2.0,
 1.1547005383792515,
))


@triton.jit
def forward(a, w, o, mask, zero, ROW: tl.constexpr, CORRELATION: tl.constexpr, OUTPUTS: tl.constexpr):
 t0=tl.load(a+0*ROW,mask,0.)
 t1=tl.load(a+1*ROW,mask,0.)
 t2=tl.load(a+2*ROW,mask,0.)
 t3=tl.load(a+3*ROW,mask,0.)
 t4=zero
 t5=zero
 t6=zero
 t7=zero
 if OUTPUTS>>0&1:
  t8=tl.load(w+0*ROW)
  t4=t4+t8*t0
 if OUTPUTS>>1&1:
  t8=tl.load(w+1*ROW)
  t5=t5+t8*t1
  t6=t6+t8*t2
  t7=t7+t8*t3
 # l12 = 0
 t8=t0*t0
 t9=t1*(K[0]*t1)+t2*(K[0]*t2)+t3*(K[0]*t3)
 if CORRELATION>1 and OUTPUTS>>0&1:
  t10=tl.load(w+2*ROW)
  t11=tl.load(w+3*ROW)
  t4=t4+t10*t8+t11*t9
 if CORRELATION>2 and OUTPUTS>>0&1:
  t10=tl.load(w+5*ROW)
  t11=tl.load(w+6*ROW)
  t12=t10*t8+t11*t9
  t4=t4+t0*t12
 if CORRELATION>2 and OUTPUTS>>1&1:
  t10=tl.load(w+7*ROW)
  t11=tl.load(w+8*ROW)
  t12=t10*t8+t11*t9
  t5=t5+t1*t12
  t6=t6+t2*t12
  t7=t7+t3*t12
 # l12 = 1
 t10=t0*t1
 t11=t0*t2
 t12=t0*t3
 if CORRELATION>1 and OUTPUTS>>1&1:
  t13=tl.load(w+4*ROW)
  t5=t5+t13*t10
  t6=t6+t13*t11
  t7=t7+t13*t12
 tl.store(o+0*ROW,t4,mask)
 tl.store(o+1*ROW,t5,mask)
 tl.store(o+2*ROW,t6,mask)
 tl.store(o+3*ROW,t7,mask)


@triton.jit
def backward_0(a, g, w, da, mask, zero, ROW: tl.constexpr, CORRELATION: tl.constexpr, OUTPUTS: tl.constexpr, sum):
 sum0,sum1,sum2,sum3,sum4,sum5,sum6,sum7,=sum
 t0=tl.load(a+0*ROW,mask,0.)
 t1=tl.load(a+1*ROW,mask,0.)
 t2=tl.load(a+2*ROW,mask,0.)
 t3=tl.load(a+3*ROW,mask,0.)
 t4=tl.load(g+0*ROW,mask,0.)
 t5=tl.load(g+1*ROW,mask,0.)
 t6=tl.load(g+2*ROW,mask,0.)
 t7=tl.load(g+3*ROW,mask,0.)
 t8=zero
 t9=zero
 t10=zero
 t11=zero
 if OUTPUTS>>0&1:
  t12=tl.load(w+0*ROW)
  t8=t8+t12*t4
  sum0=sum0+t0*t4
 if OUTPUTS>>1&1:
  t12=tl.load(w+1*ROW)
  t9=t9+t12*t5
  t10=t10+t12*t6
  t11=t11+t12*t7
  sum1=sum1+t1*t5+t2*t6+t3*t7
 t12=t0*t0
 t13=t1*(K[0]*t1)+t2*(K[0]*t2)+t3*(K[0]*t3)
 t14=zero
 t15=zero
 if CORRELATION>1 and OUTPUTS>>0&1:
  t16=tl.load(w+2*ROW)
  t14=t14+t16*t4
  sum2=sum2+t4*t12
  t17=tl.load(w+3*ROW)
  t15=t15+t17*t4
  sum3=sum3+t4*t13
 if CORRELATION>2 and OUTPUTS>>0&1:
  t16=tl.load(w+5*ROW)
  t17=tl.load(w+6*ROW)
  t18=t16*t12+t17*t13
  t19=t4
  t8=t8+t18*t19
  t20=t0*t19
  t21=tl.load(w+5*ROW)
  t14=t14+t21*t20
  sum4=sum4+t20*t12
  t22=tl.load(w+6*ROW)
  t15=t15+t22*t20
  sum5=sum5+t20*t13
 if CORRELATION>2 and OUTPUTS>>1&1:
  t16=tl.load(w+7*ROW)
  t17=tl.load(w+8*ROW)
  t18=t16*t12+t17*t13
  t19=t5
  t9=t9+t18*t19
  t20=t6
  t10=t10+t18*t20
  t21=t7
  t11=t11+t18*t21
  t22=t1*t19+t2*t20+t3*t21
  t23=tl.load(w+7*ROW)
  t14=t14+t23*t22
  sum6=sum6+t22*t12
  t24=tl.load(w+8*ROW)
  t15=t15+t24*t22
  sum7=sum7+t22*t13
 t16=K[1]*t14
 t8=t8+t0*t16
 t17=K[2]*t15
 t18=K[2]*t15
 t19=K[2]*t15
 t9=t9+t1*t17
 t10=t10+t2*t18
 t11=t11+t3*t19
 tl.store(da+0*ROW,t8,mask)
 tl.store(da+1*ROW,t9,mask)
 tl.store(da+2*ROW,t10,mask)
 tl.store(da+3*ROW,t11,mask)
 return sum0,sum1,sum2,sum3,sum4,sum5,sum6,sum7,


@triton.jit
def backward_1(a, g, w, da, mask, zero, ROW: tl.constexpr, CORRELATION: tl.constexpr, OUTPUTS: tl.constexpr, sum):
 sum0,=sum
 t0=tl.load(a+0*ROW,mask,0.)
 t1=tl.load(a+1*ROW,mask,0.)
 t2=tl.load(a+2*ROW,mask,0.)
 t3=tl.load(a+3*ROW,mask,0.)
 t4=tl.load(g+1*ROW,mask,0.)
 t5=tl.load(g+2*ROW,mask,0.)
 t6=tl.load(g+3*ROW,mask,0.)
 t7=t0*t1
 t8=t0*t2
 t9=t0*t3
 t10=zero
 t11=zero
 t12=zero
 if CORRELATION>1 and OUTPUTS>>1&1:
  t13=tl.load(w+4*ROW)
  t10=t10+t13*t4
  t11=t11+t13*t5
  t12=t12+t13*t6
  sum0=sum0+t4*t7+t5*t8+t6*t9
 t13=t10
 t14=t11
 t15=t12
 t16=t1*t13+t2*t14+t3*t15
 t17=t0*t13
 t18=t0*t14
 t19=t0*t15
 t20=tl.load(da+0*ROW,mask,0.)
 t21=t20+t16
 tl.store(da+0*ROW,t21,mask)
 t22=tl.load(da+1*ROW,mask,0.)
 t23=t22+t17
 tl.store(da+1*ROW,t23,mask)
 t24=tl.load(da+2*ROW,mask,0.)
 t25=t24+t18
 tl.store(da+2*ROW,t25,mask)
 t26=tl.load(da+3*ROW,mask,0.)
 t27=t26+t19
 tl.store(da+3*ROW,t27,mask)
 return sum0,


FOLDED = (2, 5, 9)
# Programs, and the rows of the weights that they sum gradients of.
BACKWARD = (
 (backward_0, (0, 1, 2, 3, 5, 6, 7, 8,)),
 (backward_1, (4,)),
)
