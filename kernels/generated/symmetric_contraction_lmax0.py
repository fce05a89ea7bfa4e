"""Written by codegen/symmetric_contraction_gpu.py; not to be edited."""

import triton
import triton.language as tl

K = tl.constexpr((
 2.0,
))


@triton.jit
def forward(a, w, o, mask, zero, ROW: tl.constexpr, CORRELATION: tl.constexpr, OUTPUTS: tl.constexpr):
 t0=tl.load(a+0*ROW,mask,0.)
 t1=zero
 if OUTPUTS>>0&1:
  t2=tl.load(w+0*ROW)
  t1=t1+t2*t0
 # l12 = 0
 t2=t0*t0
 if CORRELATION>1 and OUTPUTS>>0&1:
  t3=tl.load(w+1*ROW)
  t1=t1+t3*t2
 if CORRELATION>2 and OUTPUTS>>0&1:
  t3=tl.load(w+2*ROW)
  t4=t3*t2
  t1=t1+t0*t4
 tl.store(o+0*ROW,t1,mask)


@triton.jit
def backward_0(a, g, w, da, mask, zero, ROW: tl.constexpr, CORRELATION: tl.constexpr, OUTPUTS: tl.constexpr, sum):
 sum0,sum1,sum2,=sum
 t0=tl.load(a+0*ROW,mask,0.)
 t1=tl.load(g+0*ROW,mask,0.)
 t2=zero
 if OUTPUTS>>0&1:
  t3=tl.load(w+0*ROW)
  t2=t2+t3*t1
  sum0=sum0+t0*t1
 t3=t0*t0
 t4=zero
 if CORRELATION>1 and OUTPUTS>>0&1:
  t5=tl.load(w+1*ROW)
  t4=t4+t5*t1
  sum1=sum1+t1*t3
 if CORRELATION>2 and OUTPUTS>>0&1:
  t5=tl.load(w+2*ROW)
  t6=t5*t3
  t7=t1
  t2=t2+t6*t7
  t8=t0*t7
  t9=tl.load(w+2*ROW)
  t4=t4+t9*t8
  sum2=sum2+t8*t3
 t5=K[0]*t4
 t2=t2+t0*t5
 tl.store(da+0*ROW,t2,mask)
 return sum0,sum1,sum2,


FOLDED = (1, 2, 3)
# Programs, and the rows of the weights that they sum gradients of.
BACKWARD = (
 (backward_0, (0, 1, 2,)),
)
